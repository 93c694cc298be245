import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { DatabaseEngine } from '../database/database-engine';
import type { DatabaseTarget } from '../database/database-target';
import type { LdapDirectory } from '../database/ldap-directory';
import type { CharacterTypeOptions } from '../password/character-type-options';

/**
 * What a generated value looks like.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export interface GeneratedValueOptions extends CharacterTypeOptions {
  /**
   * Length of the value, in characters: 4 to 4,096, and at least one for each required character type.
   *
   * @default 32
   */
  readonly passwordLength?: number;

  /**
   * Characters that the value does not contain; at most 4,096. Each required character type must keep at least one allowed
   * character: leave out a whole type with `excludePunctuation` and its like.
   *
   * @default - none
   */
  readonly excludeCharacters?: string;
}

/**
 * Options of a database user's credentials.
 *
 * All but `database` is in what CloudFormation generates the first value from: a change after the first deployment generates a
 * new password, which the database does not know until the next rotation by a superuser.
 */
export interface DatabaseCredentialsOptions extends CharacterTypeOptions {
  /** Name of the user, as the database knows it; of at most as many bytes as the engine allows. */
  readonly username: string;

  /**
   * The database that the user signs in to.
   *
   * Leave it out for the admin secret of a database that does not exist yet.
   *
   * @default - no database: the secret says user name and password only, until it is attached to one
   */
  readonly database?: DatabaseTarget;

  /**
   * The engine of a database that does not exist yet, whose admin this is: it decides which first password, and which user name,
   * the database accepts. Oracle's needs it.
   *
   * @default - that of `database`, else not known: a password that all engines but Oracle accept
   */
  readonly engine?: DatabaseEngine;

  /**
   * Further fields beside the user's, such as `readerHost` or `sslmode`. They appear in the template as they are, and rotations
   * keep them. Not `username`, `password`, `engine`, `host`, `port`, `dbname` and what an attachment writes.
   *
   * @default - none
   */
  readonly fields?: { [name: string]: string };

  /**
   * Length of the first password, in characters, as the engine allows. Those of rotations follow the `DatabaseTarget`.
   *
   * @default - that of the engine: 30 for Oracle, else 32
   */
  readonly passwordLength?: number;

  /**
   * Characters that the first password does not contain. Those of rotations follow the `DatabaseTarget`.
   *
   * @default - those of the engine: what breaks URLs and shells, and what Amazon RDS does not accept
   */
  readonly excludeCharacters?: string;
}

/** Options of the credentials of a user in an LDAP directory. */
export interface LdapCredentialsOptions {
  /**
   * Distinguished name of the user, as it signs in: `uid=app,ou=people,dc=example,dc=com`; at most 1,024 bytes. In a value there
   * is a backslash before `, + " \ < > ;`.
   */
  readonly username: string;

  /** The directory that the user signs in to. */
  readonly directory: LdapDirectory;

  /**
   * Further fields beside the user's, such as `baseDn`. They appear in the template as they are, and rotations keep them. Not
   * `username`, `password`, `engine`, `host` and `port`.
   *
   * @default - none
   */
  readonly fields?: { [name: string]: string };
}

/** Options of a placeholder. */
export interface PlaceholderOptions {
  /**
   * Names of the fields of a JSON document, 1 to 256 characters each.
   *
   * @default - no fields: a random string
   */
  readonly fields?: string[];
}

/** What rotations have to know about a value that is deployed already. */
export interface DeployedContentOptions {
  /**
   * Name of the database user whose credentials the secret holds.
   *
   * @default - the `username` of the template, where it says one
   */
  readonly username?: string;

  /**
   * The database that the user signs in to. The secret is attached to it where it is an Amazon RDS or Amazon DocumentDB construct
   * of the app, under the logical id that `secret.attach()` had.
   *
   * @default - none
   */
  readonly database?: DatabaseTarget;
}

/** What a `DatabaseSecret` of the AWS CDK was given. */
export interface DeployedDatabaseSecretOptions {
  /** Name of the user. */
  readonly username: string;

  /**
   * Name of the database.
   *
   * @default - none
   */
  readonly dbname?: string;

  /**
   * Characters that the first password does not contain.
   *
   * @default - those that `DatabaseSecret` excludes
   */
  readonly excludeCharacters?: string;

  /**
   * The secret that the rotation of several users was given as master.
   *
   * @default - none
   */
  readonly masterSecret?: ISecret;

  /**
   * The database that the user signs in to. The secret is attached to it, under the logical id that `secret.attach()` had.
   *
   * @default - none
   */
  readonly database?: DatabaseTarget;
}
