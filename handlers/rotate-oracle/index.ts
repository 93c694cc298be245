import { OracleTarget } from './oracle-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of users of Oracle Database. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new OracleTarget(facts)) });
