import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Resource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { refuseAlternatingBehindProxy } from './private/database-proxies';
import { claimUsers, requireRoles, requireSuperuser, requireUsernames } from './private/database-users';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import { ALTERNATE_USER_SUFFIX, type RotationMode, type UserBinding } from '../contract/database-facts';
import { ConflictError, ValidationError } from '../core/errors';
import { requireSecret } from '../core/require-secret';
import type { DatabaseTarget } from '../database/database-target';
import type { DatabaseTargetFacts, EngineFacts } from '../database/private/database-facts';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationFunction } from '../rotation-function/private/rotation-function';
import type { RotationRequest } from '../rotation-function/private/rotation-request';
import { AttachedSecret } from '../secret/private/attached-secret';

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
   * An empty list creates a user that may sign in and nothing else. `rds_superuser` is refused.
   *
   * @default - the user must exist: a rotation of an unknown user fails
   */
  readonly createWithRoles?: string[];
}

/** A strategy, with what the user chose for it. */
interface DatabaseRotation extends SuperuserRotationOptions {
  readonly strategy: UserBinding['strategy'];
  readonly mode: RotationMode;
}

/** Binds a user's secret to the function of its database. */
export function bindDatabaseRotation(scope: Construct, request: RotationRequest, rotation: DatabaseRotation): RotationConfig {
  const ofContent = request.content.credentials?.database;
  const database = rotation.database?._facts ?? ofContent;
  if (!database) {
    throw new ConflictError(scope, 'a database rotation needs to know the database',
      'use SecretContent.databaseCredentials({ username, database }), or give the rotation its `database`');
  }
  if (ofContent && database.id !== ofContent.id) {
    throw new ConflictError(
      scope,
      `the rotation is of the database '${database.id}', and the content of the secret of '${ofContent.id}'`,
      'leave out the `database` of the rotation',
    );
  }
  const ofAdmin = database.superuser !== undefined && AttachedSecret.ownerOf(database.superuser) === request.secret;
  const scheduleScope = ofAdmin ? scheduleScopeOfAdmin(scope, request, database) : undefined;
  const rotationFunction = rotation.mode === 'prove'
    ? functionOfUser(scope, request, database, ofAdmin)
    : functionOfSuperuser(scope, request, database, rotation, ofAdmin);
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  return { ...rotationFunction.use(request, timing._bind(scope).longestHours, scheduleScope), timing, scheduleScope };
}

/**
 * Scope of the schedule of a database's own admin secret: the platform, where that is in another stack.
 *
 * The database's stack depends on its admin secret's, so that secret's stack cannot depend on anything that reaches the database.
 */
function scheduleScopeOfAdmin(scope: Construct, request: RotationRequest, database: DatabaseTargetFacts): Construct | undefined {
  if (database.source && Resource.isOwnedResource(database.source) && Stack.of(database.source) !== Stack.of(scope)) {
    throw new ConflictError(scope, `the database '${database.source.node.path}' depends on its admin secret, whose stack depends `
      + 'on the database: its address is written into the secret there',
    'define the secret in the stack of the database');
  }
  if (Stack.of(request.functions) !== Stack.of(scope)) {
    if (request.key?.afterPlatform) {
      throw new ConflictError(scope, 'the platform depends on the database, and the database on its admin secret, so that secret '
        + "cannot wait for the platform's key",
      'give it `encryption: SecretEncryption.ownKey()`');
    }
    return request.functions;
  }
  return undefined;
}

/** The function that acts as the user itself, whose password must work already. */
function functionOfUser(
  scope: Construct,
  request: RotationRequest,
  database: DatabaseTargetFacts,
  ofAdmin: boolean,
): RotationFunction {
  if (request.content.generate && !ofAdmin) {
    throw new ConflictError(
      scope,
      'the database does not know the generated password, and a user that cannot sign in cannot change it',
      'use Rotation.singleUserWithSuperuser() or Rotation.alternatingUsers(), or give the value that the database knows with '
        + 'SecretContent.fromSecretValue()',
    );
  }
  if (ofAdmin && request.content.generate && AttachedSecret.consumableOf(request.secret) === request.secret) {
    throw new ConflictError(scope, 'nothing writes engine and host of the database into the secret, and a user signs in only '
      + 'where its secret says that it belongs',
    'use DatabaseTarget.fromRdsInstance() or .fromRdsCluster() of the database that was made with the secret');
  }
  const username = request.content.credentials?.username;
  claimUsers(request, database, username === undefined ? [] : [username]);
  return request.functions.forDatabase(request, database);
}

/** The function that acts as the superuser, on the users that are bound to it. */
function functionOfSuperuser(
  scope: Construct, request: RotationRequest, database: DatabaseTargetFacts, rotation: DatabaseRotation, ofAdmin: boolean,
): RotationFunction {
  const username = request.content.credentials?.username;
  if (username === undefined) {
    throw new ConflictError(scope, 'a superuser acts on users that are named at deployment, and the secret names none',
      'use SecretContent.databaseCredentials({ username, database })');
  }
  if (ofAdmin) {
    throw new ConflictError(scope, `'${username}' is the superuser of the database itself`, 'use Rotation.singleUser()');
  }
  const maximum = database.engine.maximumUsernameBytes - ALTERNATE_USER_SUFFIX.length;
  if (rotation.strategy === 'alternating' && Buffer.byteLength(username) > maximum) {
    throw new ValidationError({
      scope,
      property: 'SecretContent.databaseCredentials(username)',
      got: username,
      allowed: `at most ${maximum} bytes, so that '${ALTERNATE_USER_SUFFIX}' can be appended`,
      remedy: 'use a shorter name, or Rotation.singleUserWithSuperuser()',
    });
  }
  checkEngine(scope, database.engine, rotation);
  const superuser = rotation.superuser ? requireSecret('superuser', rotation.superuser) : database.superuser;
  if (!superuser) {
    throw new ConflictError(scope, `no superuser is known for the database '${database.id}'`,
      'create the database with an admin secret, or give `superuser` to the rotation or to the DatabaseTarget');
  }
  const usernames = rotation.strategy === 'alternating' ? [username, `${username}${ALTERNATE_USER_SUFFIX}`] : [username];
  requireUsernames(scope, database.engine, usernames);
  requireRoles(scope, rotation.createWithRoles, database.engine.maximumUsernameBytes);
  requireSuperuser(request, database, superuser, usernames);
  claimUsers(request, database, usernames);
  if (rotation.strategy === 'alternating') {
    refuseAlternatingBehindProxy(request, database);
  }
  const binding = {
    secret: boundNameOf(request, request.functions),
    username,
    strategy: rotation.strategy,
    ...(rotation.createWithRoles && { createWithRoles: rotation.createWithRoles }),
  };
  return request.functions.forDatabase({ ...request, binding }, database, superuser);
}

/** Refuses what the engine's users cannot have. */
function checkEngine(
  scope: Construct,
  { name, dualPassword, maximumRoles }: EngineFacts,
  { strategy, createWithRoles }: DatabaseRotation,
): void {
  if (strategy === 'dualPassword' && !dualPassword) {
    throw new ConflictError(
      scope,
      `users of the engine '${name}' have one password`,
      'use Rotation.alternatingUsers(); two passwords are for MySQL',
    );
  }
  if (createWithRoles && maximumRoles !== undefined && createWithRoles.length > maximumRoles) {
    throw new ValidationError({
      scope,
      property: 'Rotation(createWithRoles)',
      got: createWithRoles.join(', '),
      allowed: `at most ${maximumRoles} with the engine '${name}', whose sessions begin with one role`,
      remedy: 'grant the roles to one role and give that',
    });
  }
}
