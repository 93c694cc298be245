import type { EngineFacts } from './database-facts';
import { administersRedis } from '../../contract/administrator-roles';
import { REDIS_NAMES } from '../../contract/name-rules';
import { RESERVED_REDIS_USERS } from '../../contract/reserved-users';

/** What is the same for Redis and Valkey on servers of one's own. */
export function redisFacts(name: string): EngineFacts {
  return {
    name,
    handler: 'rotate-redis',
    // Servers of one's own have no master user that a service makes.
    masterExcludes: '',
    defaultPort: 6379,
    password: { length: 32, excludeCharacters: ':/@"\'\\' },
    passwordLength: { minimum: 16, maximum: 128 },
    maximumUsernameBytes: 128,
    names: REDIS_NAMES,
    usernameForm: 'a name without spaces, quotation marks and backslashes, which a server can read again',
    isAdministratorRole: administersRedis,
    reservedUsernames: RESERVED_REDIS_USERS,
    publicAuthorities: true,
    rdsEngineTypes: [],
    dualPassword: true,
    furtherHosts: true,
  };
}
