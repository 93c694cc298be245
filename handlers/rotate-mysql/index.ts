import { mysqlTarget } from './mysql-target';
import { databaseRotation } from '../shared/database-rotation';
import { makeHandler } from '../shared/make-handler';

/** Rotates the passwords of MySQL and MariaDB users: the driver is the same, the statements are not. */
export const handler = makeHandler({ strategy: databaseRotation(mysqlTarget) });
