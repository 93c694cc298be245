import { type Expectation, expectSound } from './expect-sound';

const EXPECTATIONS: Expectation[] = [
  { system: 'cache user', rotations: 1, hands: 0, worlds: 8_000, positions: 7_000 },
  { system: 'cache user without a cluster', rotations: 1, hands: 1, worlds: 8_000, positions: 180_000 },
];

test.each(EXPECTATIONS)('$system, $rotations rotations, $hands acts of people', expectSound, 240_000);
