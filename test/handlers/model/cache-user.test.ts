import { type Expectation, expectSound } from './expect-sound';

const EXPECTATIONS: Expectation[] = [
  { system: 'cache user', rotations: 1, hands: 1, worlds: 6_000, positions: 159_000 },
  { system: 'cache user without a cluster', rotations: 1, hands: 1, worlds: 6_000, positions: 180_000 },
];

test.each(EXPECTATIONS)('$system, $rotations rotations, $hands acts of people', expectSound, 120_000);
