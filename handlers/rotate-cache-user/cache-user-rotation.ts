import { CacheLogin } from './cache-login';
import { CacheUserStrategy } from './cache-user-strategy';
import { ElastiCacheUsers } from './elasticache-users';
import { MemoryDbUsers } from './memorydb-users';
import { type Clock, systemClock } from '../core/clock';
import type { RotationStrategy } from '../core/rotation-strategy';
import type { FunctionFacts } from '../deployment/function-facts';

/** What tests replace: the clusters' certificate authorities are public ones. */
export interface CacheUserRotationOptions {
  readonly certificateAuthorities?: readonly string[];
  /** @default the system's */
  readonly clock?: Clock;
}

/** The rotation of users of one service. */
export function cacheUserRotation(
  facts: FunctionFacts,
  { certificateAuthorities, clock = systemClock }: CacheUserRotationOptions = {},
): RotationStrategy {
  const { service, userArnPrefix, endpoint, cluster } = facts.cache;
  const options = { region: facts.region, credentials: facts.credentials, clock, endpoint };
  return new CacheUserStrategy({
    bindings: facts.cacheUserBindings,
    userArnPrefix,
    users: service === 'elasticache' ? new ElastiCacheUsers(options) : new MemoryDbUsers(options),
    login: cluster && new CacheLogin({ ...cluster, certificateAuthorities }),
  });
}
