import { expectSound } from './expect-sound';
import { EXPECTATIONS } from './expectations';

test.each(EXPECTATIONS.cacheUser)('$system, $rotations rotations, $hands acts of people', expectSound, 600_000);
