import { expectSound } from './expect-sound';
import { EXPECTATIONS } from './expectations';

test.each(EXPECTATIONS.alternatingUsers)('$system, $rotations rotations, $hands acts of people', expectSound, 600_000);
