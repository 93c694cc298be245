import { CacheLogin } from './cache-login';
import { CacheUserStrategy } from './cache-user-strategy';
import { ElastiCacheUsers } from './elasticache-users';
import { MemoryDbUsers } from './memorydb-users';
import { systemClock } from '../core/clock';
import type { RotationStrategy } from '../core/rotation-strategy';
import type { FunctionFacts } from '../deployment/function-facts';

/** The rotation of users of one service. Certificate authorities are for tests: the clusters' are public ones. */
export function cacheUserRotation(facts: FunctionFacts, certificateAuthorities?: readonly string[]): RotationStrategy {
  const { service, userArnPrefix, endpoint, cluster } = facts.cache;
  const options = { region: facts.region, credentials: facts.credentials, clock: systemClock, endpoint };
  return new CacheUserStrategy({
    bindings: facts.cacheUserBindings,
    userArnPrefix,
    users: service === 'elasticache' ? new ElastiCacheUsers(options) : new MemoryDbUsers(options),
    login: cluster && new CacheLogin({ ...cluster, certificateAuthorities }),
  });
}
