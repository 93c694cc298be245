import { writeFileSync } from 'node:fs';
import { accessPage, PAGE } from './page';

/** Writes the parts of docs/access.md that are taken from templates and the table. */
writeFileSync(PAGE, accessPage());
