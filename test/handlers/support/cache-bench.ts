import { RotationBench } from './rotation-bench';
import { type FunctionOptions, rotationEnvironment } from './rotation-environment';
import { FunctionInProcess } from './rotation-function';
import { type Clock, systemClock } from '../../../handlers/core/clock';
import { cacheUserRotation } from '../../../handlers/rotate-cache-user/cache-user-rotation';
import type { CacheFacts, CacheUserBinding } from '../../../src/contract/cache-facts';
import { Environment } from '../../../src/contract/environment';
import { CacheUsersApi } from '../../servers/cache-users-api';
import { elastiCacheProtocol, memoryDbProtocol } from '../../servers/cache-users-protocols';
import { RedisServer } from '../../servers/redis-server';

export type CacheService = CacheFacts['service'];

export const CACHE_PASSWORD_RULES = { length: 32, excludeCharacters: ',"/@\'\\' };

/** A user with its secret. */
export interface CacheUserSetup {
  readonly arn: string;
  readonly userId: string;
  readonly username: string;
  readonly binding: CacheUserBinding;
}

/**
 * Everything that rotations of cache users need, running: Secrets Manager, the users of both services, and a Redis server where
 * they work.
 */
export class CacheBench {
  static async start(): Promise<CacheBench> {
    const rotations = await RotationBench.start();
    const redis = await RedisServer.start({ certificate: rotations.certificates.good });
    return new CacheBench(rotations, redis, {
      elasticache: await CacheUsersApi.start(elastiCacheProtocol, redis),
      memorydb: await CacheUsersApi.start(memoryDbProtocol, redis),
    });
  }

  private serial = 0;

  private constructor(
    readonly rotations: RotationBench, readonly redis: RedisServer, readonly apis: Readonly<Record<CacheService, CacheUsersApi>>,
  ) {}

  /** A user whose password its secret holds. MemoryDB knows users by one name only. */
  async createUser(
    service: CacheService,
    more: Record<string, unknown> = {},
    rules?: readonly string[],
  ): Promise<CacheUserSetup> {
    const userId = `user-${this.serial++}`;
    const username = service === 'elasticache' ? `name-of-${userId}` : userId;
    const password = 'the first password';
    await this.apis[service].createUser(userId, username, [password], rules);
    const arn = await this.rotations.createSecret({ user_arn: this.apis[service].arn(userId), username, password, ...more });
    return { arn, userId, username, binding: { secret: arn, userId, username, password: CACHE_PASSWORD_RULES } };
  }

  /** What the deployment tells the function. */
  options(service: CacheService, bindings: readonly CacheUserBinding[], cluster?: CacheFacts['cluster']): FunctionOptions {
    const api = this.apis[service];
    const facts: CacheFacts = { service, userArnPrefix: api.arn(''), endpoint: api.url, cluster };
    return { bindings, variables: { [Environment.CACHE]: JSON.stringify(facts) } };
  }

  function(service: CacheService, { binding }: CacheUserSetup, clock: Clock = systemClock): FunctionInProcess {
    const variables = rotationEnvironment(this.rotations.guard, this.options(service, [binding]));
    return new FunctionInProcess({ strategy: (facts) => cacheUserRotation(facts, { clock }), variables, clock });
  }

  /** A function that proves passwords at the Redis server, or at another one. */
  provingFunction(
    service: CacheService,
    { binding }: CacheUserSetup,
    port = this.redis.port,
    clock: Clock = systemClock,
  ): FunctionInProcess {
    const variables = rotationEnvironment(
      this.rotations.guard,
      this.options(service, [binding], { host: this.redis.host, port }),
    );
    const authorities = [this.rotations.certificates.authority.certificate];
    return new FunctionInProcess({
      strategy: (facts) => cacheUserRotation(facts, { certificateAuthorities: authorities, clock }),
      variables,
      clock,
    });
  }

  /** Whether the password of a version works in the Redis server. */
  async works({ arn, username }: CacheUserSetup, label = 'AWSCURRENT', versionId?: string): Promise<boolean> {
    const { password } = JSON.parse(await this.rotations.value(arn, label, versionId)) as { password: string };
    return this.redis.worksFor({ username, password });
  }

  reset(): void {
    this.rotations.guard.reset();
    Object.values(this.apis).forEach((api) => api.reset());
  }

  async stop(): Promise<void> {
    await Promise.all([this.rotations.stop(), ...Object.values(this.apis).map(async (api) => api.stop())]);
    await this.redis.stop();
  }
}
