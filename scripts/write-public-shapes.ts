import { writeFileSync } from 'node:fs';
import { SHAPES_MODULE, shapesModule } from './public-shapes';

/** Writes what each public factory takes. */
writeFileSync(SHAPES_MODULE, shapesModule());
