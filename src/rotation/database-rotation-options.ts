import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RotationTiming } from './rotation-timing';
import type { DatabaseTarget } from '../database/database-target';

/**
 * Properties of every rotation of a database user's password.
 */
export interface DatabaseRotationOptions {
  /**
   * The database that the user signs in to.
   *
   * @default - the database of the secret's content
   */
  readonly database?: DatabaseTarget;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted
   */
  readonly timing?: RotationTiming;
}

/**
 * Properties of a rotation that a superuser carries out on another user.
 */
export interface SuperuserRotationOptions extends DatabaseRotationOptions {
  /**
   * Secret of the superuser (or of another user that may change the rotated one), in the account and Region of the rotation function.
   *
   * @default - the admin secret of the database
   */
  readonly superuser?: ISecret;

  /**
   * Creates the user on the first rotation where the database does not have it yet, as a member of these roles.
   * An empty list creates a user that may sign in and nothing else. `rds_superuser` is refused.
   *
   * @default - the user must exist: a rotation of an unknown user fails
   */
  readonly createWithRoles?: string[];
}
