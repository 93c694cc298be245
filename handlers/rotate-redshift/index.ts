import { RedshiftTarget } from './redshift-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of Amazon Redshift users. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new RedshiftTarget(facts)) });
