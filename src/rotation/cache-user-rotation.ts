import type { Construct, IDependable } from 'constructs';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { CacheUser } from '../cache/cache-user';
import { ConflictError } from '../core/errors';
import { claimOnce } from '../core/once';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * Properties of a rotation of a cache user's password.
 */
export interface CacheUserRotationOptions {
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
}

/** Binds a secret to the function that gives users of caches new passwords. */
export function bindCacheUserRotation(
  scope: Construct,
  request: RotationRequest,
  rotation: CacheUserRotationOptions,
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
  const binding = { secret: boundNameOf(request, request.functions), userId, username, password };
  const rotationFunction = request.functions.forCacheUser({ ...request, binding }, user);
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  const config = rotationFunction.use(request, timing._bind(scope).longestHours);
  return { ...config, dependencies: [...config.dependencies, ...rotation.dependencies ?? []], timing };
}
