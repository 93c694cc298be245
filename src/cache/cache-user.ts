import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { CacheConnectionOptions, ElastiCacheUserOptions, MemoryDbUserOptions } from './cache-user-options';
import { CACHE_PASSWORD, type CacheServiceFacts, type CacheUserFacts, ELASTICACHE, MEMORYDB } from './private/cache-user-facts';
import { ValidationError } from '../core/errors';
import { requireInteger, requireText } from '../core/validate';
import { passwordRules } from '../password/private/password-checks';

const USER_ID = /^(?!default$)[a-z][a-z0-9-]*$/;
const HOST_NAME = /^(?=.{1,253}$)(?![\d.]+$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})+$/;
const REDIS_PORT = 6379;

/**
 * A user of Amazon ElastiCache or Amazon MemoryDB, Valkey or Redis OSS, that signs in with a password.
 *
 * It is known by its names: nothing refers to the user's resource, which needs the secret for its first password.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 *
 * @example
 * new HardenedSecret(this, 'OrdersCredentials', {
 *   content: SecretContent.cacheUserCredentials(CacheUser.elastiCache({ userId: 'orders', username: 'orders' })),
 * });
 */
export class CacheUser {
  /**
   * A user of Amazon ElastiCache, in the account and Region of its secret.
   *
   * @param options the user's names, and how its rotation differs from the defaults.
   * @throws when used, where a name, the cluster or the rules of passwords cannot be right.
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyUser.html
   */
  static elastiCache(options: ElastiCacheUserOptions): CacheUser {
    return new CacheUser((scope) => {
      const factory = 'CacheUser.elastiCache';
      requireUserId(scope, `${factory}(userId)`, options.userId);
      requireText({ scope, property: `${factory}(username)`, remedy: 'give the name that the user signs in with' },
        options.username, { minimum: 1, maximum: 120, pattern: /^\S*$/, allowed: '1 to 120 characters without spaces' });
      return factsOf(scope, factory, ELASTICACHE, options.userId, options);
    });
  }

  /**
   * A user of Amazon MemoryDB, in the account and Region of its secret.
   *
   * @param options the user's name, and how its rotation differs from the defaults.
   * @throws when used, where the name, the cluster or the rules of passwords cannot be right.
   * @see https://docs.aws.amazon.com/memorydb/latest/APIReference/API_UpdateUser.html
   */
  static memoryDb(options: MemoryDbUserOptions): CacheUser {
    return new CacheUser((scope) => {
      const factory = 'CacheUser.memoryDb';
      requireUserId(scope, `${factory}(username)`, options.username);
      return factsOf(scope, factory, MEMORYDB, options.username, options);
    });
  }

  /** @internal */
  readonly _bind: (scope: IConstruct) => CacheUserFacts;

  private constructor(bind: (scope: IConstruct) => CacheUserFacts) {
    this._bind = bind;
  }
}

function factsOf(
  scope: IConstruct, factory: string, service: CacheServiceFacts, userId: string,
  options: CacheConnectionOptions & { readonly username: string },
): CacheUserFacts {
  const { username, cluster, network, apiEndpoint } = options;
  const engine = {
    name: service.name,
    password: CACHE_PASSWORD,
    passwordLength: { minimum: 16, maximum: 128 },
    forbiddenCharacters: ',"/@',
  };
  const password = passwordRules(scope, factory, { ...options, engine });
  if (cluster) {
    requireHost(scope, `${factory}(cluster.host)`, cluster.host);
    requireInteger(
      { scope, property: `${factory}(cluster.port)`, remedy: `leave it out for ${REDIS_PORT}` },
      cluster.port,
      1,
      65535,
    );
  }
  return {
    service,
    userId,
    username,
    password,
    cluster: cluster && { host: cluster.host, port: cluster.port ?? REDIS_PORT, securityGroups: cluster.securityGroups ?? [] },
    network: network?._facts,
    apiEndpoint,
  };
}

function requireUserId(scope: IConstruct, property: string, userId: string): void {
  requireText(
    { scope, property, remedy: "give the user as the service knows it; the service's own user `default` is not rotated" },
    userId,
    {
      minimum: 1,
      maximum: 40,
      pattern: USER_ID,
      allowed: "a letter and up to 39 letters, digits and hyphens, all lower-case, and not 'default'",
    },
  );
}

function requireHost(scope: IConstruct, property: string, host: string): void {
  if (!Token.isUnresolved(host) && !HOST_NAME.test(host)) {
    throw new ValidationError({
      scope,
      property,
      got: host,
      allowed: 'a DNS name',
      remedy: 'give the name of the endpoint alone: its certificate is verified, and it carries that name',
    });
  }
}
