import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';
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
   * Secret of the superuser (or of another user that may change the rotated one), in the account and Region of the rotation
   * function.
   *
   * @default - the admin secret of the database
   */
  readonly superuser?: ISecret;

  /**
   * Creates the user on the first rotation where the database does not have it yet, as a member of these roles.
   * An empty list creates a user that may sign in and nothing else. `rds_superuser` is refused. With Redis and Valkey the list
   * has rules such as `+@read` and `~app:*` in place of roles.
   *
   * @default - an empty list where the app defines the database and it does not begin with the data of another one. Else the user
   *   must exist: its first rotation fails, and the log of the function and the alarm say so
   */
  readonly createWithRoles?: string[];
}

/**
 * Options of `Rotation.singleUser()`.
 *
 * @example
 * const admin = new HardenedSecret(this, 'Admin', {
 *   content: SecretContent.databaseCredentials({ username: 'postgres' }),
 * });
 * const instance = new rds.DatabaseInstance(this, 'Database', {
 *   engine: rds.DatabaseInstanceEngine.POSTGRES,
 *   credentials: rds.Credentials.fromSecret(admin.secret, 'postgres'),
 *   vpc,
 * });
 * admin.addRotation(Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(instance) }));
 */
export interface SingleUserOptions extends DatabaseRotationOptions {}

/**
 * Options of `Rotation.singleUserWithSuperuser()`.
 *
 * @example
 * new HardenedSecret(this, 'Creds', {
 *   content: SecretContent.databaseCredentials({
 *     username: 'app',
 *     database: DatabaseTarget.fromRdsInstance(personnelInstance),
 *   }),
 *   rotation: Rotation.singleUserWithSuperuser(),
 * });
 */
export interface SingleUserWithSuperuserOptions extends SuperuserRotationOptions {}

/**
 * Options of `Rotation.alternatingUsers()`.
 *
 * @example
 * new HardenedSecret(this, 'Creds', {
 *   content: SecretContent.databaseCredentials({
 *     username: 'app',
 *     database: DatabaseTarget.fromRdsInstance(personnelInstance),
 *   }),
 *   rotation: Rotation.alternatingUsers({ createWithRoles: ['app_readers'] }),
 * });
 */
export interface AlternatingUsersOptions extends SuperuserRotationOptions {
  /**
   * Ends the former user's password this long after a new one has become current, and not only at the next rotation: whole hours,
   * from one hour to a year. The daily audit does it, so that it works up to a day and an hour longer. The interval between two
   * rotations is at least two days longer. The idle user gets a password that nobody keeps.
   *
   * Nobody can go back to the former value of the secret then. `docs/rotation.md` says what else to know.
   *
   * @default - it works until the next rotation
   */
  readonly formerWorksFor?: Duration;
}

/**
 * Options of `Rotation.dualPassword()`.
 *
 * @example
 * const database = DatabaseTarget.of({ engine: DatabaseEngine.MYSQL, host: 'db.example.com', superuser: masterSecret });
 * new HardenedSecret(this, 'Creds', {
 *   content: SecretContent.databaseCredentials({ username: 'app', database }),
 *   rotation: Rotation.dualPassword(),
 * });
 */
export interface DualPasswordOptions extends SuperuserRotationOptions {
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
