import { SqlserverTarget } from './sqlserver-target';
import { databaseRotation } from '../shared/database-rotation';
import { makeHandler } from '../shared/make-handler';

/** Rotates the passwords of SQL Server logins, and of users that are contained in one database. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new SqlserverTarget(facts)) });
