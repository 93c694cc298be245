import { type Expectation, expectSound } from './expect-sound';

const EXPECTATIONS: Expectation[] = [
  { system: 'generated value', rotations: 2, hands: 0, worlds: 8_000, positions: 23_000 },
  { system: 'generated value', rotations: 1, hands: 1, worlds: 8_000, positions: 5_000 },
  { system: 'steps', rotations: 1, hands: 1, worlds: 8_000, positions: 35_000 },
  { system: 'steps that issue', rotations: 1, hands: 1, worlds: 8_000, positions: 35_000 },
];

test.each(EXPECTATIONS)('$system, $rotations rotations, $hands acts of people', expectSound, 240_000);
