import { expectSound } from './expect-sound';
import { EXPECTATIONS } from './expectations';

test.each(EXPECTATIONS.ownLogin)('$system, $rotations rotations, $hands acts of people', expectSound, 600_000);
