import type { IDependable } from 'constructs';
import type { RotationTiming } from './rotation-timing';
import type { CacheUser } from '../cache/cache-user';

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
   * What must exist before the first rotation: the resource of the user, where the app defines it. It is in the secret's stack then.
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
