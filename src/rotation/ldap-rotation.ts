import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { bindDatabaseRotation } from './database-rotation';
import type { RotationConfig } from './rotation-config';
import type { RotationTiming } from './rotation-timing';
import { entryKey } from '../contract/distinguished-name';
import { ConflictError, ValidationError } from '../core/errors';
import type { LdapDirectory } from '../database/ldap-directory';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * Properties of a rotation of a user's password in an LDAP directory.
 *
 * @example
 * const directory = LdapDirectory.of({ host: 'ldap.example.com' });
 * new HardenedSecret(this, 'Search', {
 *   content: SecretContent.ldapCredentials({ username: 'uid=search,ou=services,dc=example,dc=com', directory }),
 *   rotation: Rotation.ldapUser({ superuser: masterSecret }),
 * });
 */
export interface LdapUserOptions {
  /**
   * The directory that the user signs in to.
   *
   * @default - the directory of the secret's content
   */
  readonly directory?: LdapDirectory;

  /**
   * Secret of a user that may set the passwords of others, in the account and Region of the rotation function: `username`, its
   * distinguished name, and `password`.
   *
   * @default - the user changes its own password, which the directory has to know already
   */
  readonly superuser?: ISecret;

  /**
   * Distinguished name of a second user, for two that take turns: a rotation gives the idle one a new password and makes it
   * current, while the other's still works. Needs a `superuser`.
   *
   * Both are made in the directory, as members of the same groups; a rotation is refused where their `memberOf` differs. It makes
   * no user, and copies no rights.
   *
   * @default - one user: between the change and the moment when an application reads the new value, its logins fail
   */
  readonly alternateUsername?: string;

  /**
   * Ends the former user's password this long after the other one's has become current, and not only at the next rotation: whole
   * hours, from one hour to a year. The daily audit does it, so that it works up to a day and an hour longer. The interval
   * between two rotations is at least two days longer. Needs an `alternateUsername`.
   *
   * @default - it works until the next rotation
   */
  readonly formerWorksFor?: Duration;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted
   */
  readonly timing?: RotationTiming;
}

/** Binds a user's secret to the function of its directory. */
export function bindLdapRotation(scope: Construct, request: RotationRequest, options: LdapUserOptions): RotationConfig {
  const { superuser, alternateUsername, directory, formerWorksFor, timing } = options;
  const { content } = request;
  const database = directory ?? { _facts: content.credentials?.database };
  if (!database._facts?.engine.isDirectory) {
    throw new ConflictError(scope, 'the rotation of a user in a directory needs to know the directory',
      'use SecretContent.ldapCredentials({ username, directory }), or give the rotation its `directory`');
  }
  if (!superuser) {
    refuseWithoutSuperuser(scope, request, options);
  } else if (content.credentials === undefined) {
    throw new ConflictError(scope, 'a superuser acts on users that are named at deployment, and the secret names none',
      'use SecretContent.ldapCredentials({ username, directory })');
  }
  if (formerWorksFor !== undefined && alternateUsername === undefined) {
    throw new ConflictError(scope, 'a single user has one password, and no former one that could be ended',
      'leave out `formerWorksFor`, or give an `alternateUsername`');
  }
  const key = content.credentials && entryKey(content.credentials.username);
  if (alternateUsername !== undefined && entryKey(alternateUsername) === key) {
    throw new ValidationError({
      scope,
      property: 'Rotation.ldapUser(alternateUsername)',
      got: alternateUsername,
      allowed: 'the distinguished name of another user than that of the content',
      remedy: 'make a second user in the directory, with the same groups, and name it',
    });
  }
  return bindDatabaseRotation(scope, request, {
    factory: 'Rotation.ldapUser',
    database: { _facts: database._facts },
    superuser,
    alternateUsername,
    strategy: alternateUsername === undefined ? 'single' : 'alternating',
    mode: superuser ? 'superuser' : 'prove',
    formerWorksFor,
    timing,
  });
}

/** Refuses what a user cannot do that changes its own password. */
function refuseWithoutSuperuser(
  scope: Construct, { content }: RotationRequest, { alternateUsername }: LdapUserOptions,
): void {
  if (alternateUsername !== undefined) {
    throw new ConflictError(scope, 'two users take turns by the hands of a superuser, and none is given',
      'give the rotation a `superuser`, or leave out `alternateUsername`');
  }
  if (content.generate !== undefined && !content.adopted) {
    throw new ConflictError(
      scope,
      'the directory does not know the generated password, and a user that cannot sign in cannot change it',
      'give the rotation a `superuser`, or give the value that the directory knows with SecretContent.fromSecretValue()',
    );
  }
}
