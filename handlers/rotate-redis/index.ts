import { RedisTarget } from './redis-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of users of Redis and Valkey servers, which may have two. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new RedisTarget(facts)) });
