import { DocumentdbTarget } from './documentdb-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of users of Amazon DocumentDB and MongoDB. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new DocumentdbTarget(facts)) });
