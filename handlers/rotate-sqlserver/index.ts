import { SqlserverTarget } from './sqlserver-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of SQL Server logins, and of users that are contained in one database. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new SqlserverTarget(facts)) });
