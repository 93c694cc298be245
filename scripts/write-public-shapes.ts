import { writeFileSync } from 'node:fs';
import { shapesModules } from './public-shapes';

/** Writes what each public factory takes. */
shapesModules().forEach((text, file) => writeFileSync(file, text));
