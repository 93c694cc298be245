import { expectSound } from './expect-sound';
import { EXPECTATIONS } from './expectations';

test.each(EXPECTATIONS.twoPasswords)('$system, $rotations rotations, $hands acts of people', expectSound, 600_000);
