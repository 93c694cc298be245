import { type Expectation, expectSound } from './expect-sound';

const EXPECTATIONS: Expectation[] = [
  { system: 'own login', rotations: 1, hands: 1, worlds: 5_000, positions: 86_000 },
  { system: 'own login', rotations: 2, hands: 0, worlds: 5_000, positions: 114_000 },
  { system: 'own login, the server tells nothing', rotations: 1, hands: 1, worlds: 5_000, positions: 90_000 },
];

test.each(EXPECTATIONS)('$system, $rotations rotations, $hands acts of people', expectSound, 120_000);
