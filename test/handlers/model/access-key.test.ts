import { expectSound } from './expect-sound';
import { EXPECTATIONS } from './expectations';

test.each(EXPECTATIONS.accessKey)('$system, $rotations rotations, $hands acts of people', expectSound, 600_000);
