import { type Expectation, expectSound } from './expect-sound';

const EXPECTATIONS: Expectation[] = [
  { system: 'single user', rotations: 2, hands: 0, worlds: 8_000, positions: 164_000 },
  { system: 'single user that is created', rotations: 1, hands: 1, worlds: 8_000, positions: 48_000 },
  { system: 'alternating users', rotations: 2, hands: 0, worlds: 8_000, positions: 164_000 },
  { system: 'two passwords', rotations: 2, hands: 0, worlds: 8_000, positions: 164_000 },
];

test.each(EXPECTATIONS)('$system, $rotations rotations, $hands acts of people', expectSound, 240_000);
