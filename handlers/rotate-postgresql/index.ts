import { PostgresqlTarget } from './postgresql-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of PostgreSQL users. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new PostgresqlTarget(facts)) });
