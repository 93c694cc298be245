import { mysqlTarget } from './mysql-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of MySQL and MariaDB users: the driver is the same, the statements are not. */
export const handler = makeHandler({ strategy: databaseRotation(mysqlTarget) });
