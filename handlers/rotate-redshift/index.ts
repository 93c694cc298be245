import { RedshiftTarget } from './redshift-target';
import { databaseRotation } from '../shared/database-rotation';
import { makeHandler } from '../shared/make-handler';

/** Rotates the passwords of Amazon Redshift users. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new RedshiftTarget(facts)) });
