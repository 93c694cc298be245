import { EXAMPLE_ROWS } from './example-rows';
import { GRANT_ROWS } from './grant-rows';
import type { Group } from './row';
import { SERVICE_ROWS } from './service-rows';

/** Every request whose verdict is known beforehand. */
export const TABLE: readonly Group[] = [...GRANT_ROWS, ...SERVICE_ROWS, ...EXAMPLE_ROWS];
