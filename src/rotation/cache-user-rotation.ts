import type { Duration } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { formerHours, TOO_LATE } from './private/former-hours';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { CacheUser } from '../cache/cache-user';
import type { CacheUserBinding } from '../contract/cache-facts';
import { ConflictError } from '../core/errors';
import { claimOnce } from '../core/once';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * Properties of a rotation of a cache user's password.
 *
 * @example
 * new HardenedSecret(this, 'Carts', {
 *   content: SecretContent.cacheUserCredentials(CacheUser.memoryDb({ username: 'carts' })),
 *   rotation: Rotation.cacheUser(),
 * });
 */
export interface CacheUserOptions {
  /**
   * The user.
   *
   * @default - the user of the secret's content
   */
  readonly user?: CacheUser;

  /**
   * What must exist before the first rotation: the resource of the user, where the app defines it. It is in the secret's stack
   * then.
   *
   * @default - nothing: the user exists
   */
  readonly dependencies?: IDependable[];

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted
   */
  readonly timing?: RotationTiming;

  /**
   * Ends the former password this long after a new one has become current, and not only at the next rotation: whole hours, from
   * one hour to a year. The daily audit does it, so that it works up to a day and an hour longer. The interval between two
   * rotations is at least two days longer. The user keeps the password of AWSCURRENT alone.
   *
   * Nobody can go back to the former value of the secret then. `docs/rotation.md` says what else to know.
   *
   * @default - it works until the next rotation
   */
  readonly formerWorksFor?: Duration;
}

/** Binds a secret to the function that gives users of caches new passwords. */
export function bindCacheUserRotation(
  scope: Construct,
  request: RotationRequest,
  rotation: CacheUserOptions,
): RotationConfig {
  const ofContent = request.content.cacheUser;
  const user = rotation.user?._bind(scope) ?? ofContent;
  if (!user) {
    throw new ConflictError(scope, 'a rotation of a cache user needs to know the user',
      'use SecretContent.cacheUserCredentials(user), or give the rotation its `user`');
  }
  const { service, userId, username, password } = user;
  if (ofContent && (ofContent.service !== service || ofContent.userId !== userId || ofContent.username !== username)) {
    throw new ConflictError(
      scope,
      `the rotation is of the user '${userId}', and the content of the secret of '${ofContent.userId}'`,
      'leave out the `user` of the rotation',
    );
  }
  claimOnce(scope, {
    what: `secret of the ${service.title} user '${userId}'`,
    extent: 'account and Region',
    remedy: 'use one secret for each user: each would undo what the other has set',
  });
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  const { longestHours, shortestHours } = timing._bind(scope);
  const formerWorksForHours = rotation.formerWorksFor && formerHours({
    scope,
    factory: 'Rotation.cacheUser',
    worksFor: rotation.formerWorksFor,
    shortestAllowed: 1,
    shortestHours,
    reason: TOO_LATE,
  });
  const binding: CacheUserBinding = {
    secret: boundNameOf(request, request.functions),
    userId,
    username,
    password,
    ...formerWorksForHours !== undefined && { formerWorksForHours },
  };
  const rotationFunction = request.functions.forCacheUser({ ...request, binding }, user);
  const config = rotationFunction.use(request, longestHours);
  return {
    ...config,
    dependencies: [...config.dependencies, ...rotation.dependencies ?? []],
    timing,
    _effect: { formerWorks: true, changesName: false, nextEndsFormer: true },
  };
}
