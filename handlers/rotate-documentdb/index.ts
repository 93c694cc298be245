import { DocumentdbTarget } from './documentdb-target';
import { databaseRotation } from '../shared/database-rotation';
import { makeHandler } from '../shared/make-handler';

/** Rotates the passwords of users of Amazon DocumentDB and MongoDB. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new DocumentdbTarget(facts)) });
