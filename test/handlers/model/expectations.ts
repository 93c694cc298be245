import type { Bounds } from './explorer';

export interface Expectation extends Bounds {
  readonly system: string;
  /** How many positions of running steps there are at least: fewer would mean that something is not gone through any more. */
  readonly positions: number;
}

const WORLDS = 30_000;

function expectation(
  system: string, rotations: number, hands: number, positions: number, more: Partial<Bounds> = {},
): Expectation {
  return { system, rotations, hands, worlds: WORLDS, positions, ...more };
}

/** With the daily audit in between there are up to four times as many worlds: so it is, where a strategy differs. */
const DUTY = { duty: true };

/** How far each strategy is gone through. */
export const EXPECTATIONS = {
  ownLogin: [
    expectation('own login', 1, 1, 154_000),
    expectation('own login, the server tells nothing', 1, 1, 160_000),
    expectation('own login, back', 1, 0, 14_000),
  ],
  singleUser: [
    expectation('single user', 2, 0, 217_000),
    expectation('single user', 1, 1, 120_000),
    expectation('single user that is created', 1, 1, 118_000),
    expectation('single user, back', 1, 0, 10_000),
  ],
  alternatingUsers: [
    expectation('alternating users', 2, 0, 184_000),
    expectation('alternating users', 1, 1, 310_000, DUTY),
    expectation('alternating users, back', 1, 1, 172_000),
  ],
  twoPasswords: [
    expectation('two passwords', 2, 0, 430_000, DUTY),
    expectation('two passwords', 1, 1, 127_000),
    expectation('two passwords, back', 1, 0, 26_000),
  ],
  cacheUser: [
    expectation('cache user', 1, 0, 25_000, DUTY),
    expectation('cache user, back', 1, 0, 36_000),
    expectation('cache user without a cluster', 1, 1, 180_000),
  ],
  accessKey: [
    expectation('access key', 1, 0, 40_000, DUTY),
    expectation('access key, back', 1, 0, 14_000),
  ],
  values: [
    expectation('generated value', 2, 0, 23_000),
    expectation('generated value', 1, 1, 5_000),
    expectation('steps', 1, 1, 35_000),
    expectation('steps, back', 1, 0, 10_000),
    expectation('steps that issue', 1, 1, 35_000),
  ],
} satisfies Record<string, Expectation[]>;
