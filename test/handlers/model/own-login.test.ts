import { type Expectation, expectSound } from './expect-sound';

const EXPECTATIONS: Expectation[] = [
  { system: 'own login', rotations: 1, hands: 1, worlds: 8_000, positions: 86_000 },
  { system: 'own login, the server tells nothing', rotations: 1, hands: 1, worlds: 8_000, positions: 90_000 },
];

test.each(EXPECTATIONS)('$system, $rotations rotations, $hands acts of people', expectSound, 240_000);
