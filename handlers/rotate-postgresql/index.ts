import { PostgresqlTarget } from './postgresql-target';
import { databaseRotation } from '../shared/database-rotation';
import { makeHandler } from '../shared/make-handler';

/** Rotates the passwords of PostgreSQL users. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new PostgresqlTarget(facts)) });
