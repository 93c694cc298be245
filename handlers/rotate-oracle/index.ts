import { OracleTarget } from './oracle-target';
import { databaseRotation } from '../shared/database-rotation';
import { makeHandler } from '../shared/make-handler';

/** Rotates the passwords of users of Oracle Database. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new OracleTarget(facts)) });
