import { cacheUserRotation } from './cache-user-rotation';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of users of Amazon ElastiCache and Amazon MemoryDB, which may have two. */
export const handler = makeHandler({ strategy: (facts) => cacheUserRotation(facts) });
