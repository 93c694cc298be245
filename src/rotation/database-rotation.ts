import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AlternatingUsersOptions, SuperuserRotationOptions } from './database-rotation-options';
import { refuseAlternatingBehindProxy } from './private/database-proxies';
import { claimUsers, refuseMaster, requireOwnTemplate, requireSuperuser } from './private/database-users';
import { noteFormerClone } from './private/former-clone';
import { formerHours, TOO_LATE } from './private/former-hours';
import { scheduleScopeOf } from './private/schedule-place';
import { requireAuthorities } from './private/server-certificates';
import { requireKnownSuperuser } from './private/superuser-password';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import { ALTERNATE_USER_SUFFIX, type RotationMode, type UserBinding } from '../contract/database-facts';
import { ConflictError, ValidationError } from '../core/errors';
import { requireSecret } from '../core/require-secret';
import { DatabaseEngine } from '../database/database-engine';
import type { DatabaseTargetFacts } from '../database/private/database-facts';
import { isCreatedWith, type MasterSecret, requireMasterPassword } from '../database/private/master-password';
import { requireRoles, requireUsername } from '../database/private/name-checks';
import { isCreatedEmpty, resourceOf } from '../database/private/new-database';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationFunction } from '../rotation-function/private/rotation-function';
import type { RotationRequest } from '../rotation-function/private/rotation-request';
import { AttachedSecret } from '../secret/private/attached-secret';

/** Engines whose users have two passwords although nobody asks for it. */
const KEEPING_TWO = [DatabaseEngine.REDIS._facts, DatabaseEngine.VALKEY._facts];

/** A strategy, with what the user chose for it. */
export interface DatabaseRotation
  extends Omit<SuperuserRotationOptions, 'database'>, Pick<AlternatingUsersOptions, 'formerWorksFor'> {
  /** A database, or a directory. */
  readonly database?: { readonly _facts: DatabaseTargetFacts };
  /** The factory as users write it, where it is not that of the strategy: a directory has its own. */
  readonly factory?: 'Rotation.ldapUser';
  /** The second of two users, where it has a name of its own. */
  readonly alternateUsername?: string;
  /** Which of a user's credentials are replaced. */
  readonly strategy: UserBinding['strategy'];
  /** As whom the function acts. */
  readonly mode: RotationMode;
  /** Where the schedule is, if not with the secret: what is there may refer to the secret. */
  readonly scheduleScope?: Construct;
  /** For how long a former credential works. */
  readonly formerWorksForHours?: number;
}

/** Binds a user's secret to the function of its database. */
export function bindDatabaseRotation(scope: Construct, request: RotationRequest, rotation: DatabaseRotation): RotationConfig {
  const ofContent = request.content.credentials?.database;
  const database = rotation.database?._facts ?? ofContent;
  if (!database) {
    throw new ConflictError(scope, 'a database rotation needs to know the database',
      'use SecretContent.databaseCredentials({ username, database }), or give the rotation its `database`');
  }
  if (ofContent && database.identity !== ofContent.identity) {
    throw new ConflictError(scope, `the rotation is of the database '${database.id}', and the content of the secret of `
      + `'${ofContent.id}'`, 'leave out the `database` of the rotation');
  }
  if (database.engine.isDirectory && !rotation.factory) {
    throw new ConflictError(scope, `'${database.id}' is a directory, in which users are made and known otherwise`,
      'use Rotation.ldapUser()');
  }
  const ofAdmin = database.superuser !== undefined && AttachedSecret.ownerOf(database.superuser) === request.secret;
  const scheduleScope = scheduleScopeOf(scope, request, database);
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  const { longestHours, shortestHours } = timing._bind(scope);
  const formerWorksForHours = hoursOfFormer(scope, database, rotation, shortestHours);
  requireAuthorities(scope, request.functions, database);
  const rotationFunction = rotation.mode === 'prove'
    ? functionOfUser(scope, request, database, ofAdmin)
    : functionOfSuperuser(scope, request, database, { ...rotation, scheduleScope, formerWorksForHours }, ofAdmin);
  if (rotation.strategy === 'single' && !ofAdmin && !database.engine.isDirectory) {
    noteFormerClone(scope);
  }
  return {
    ...rotationFunction.use(request, longestHours, scheduleScope),
    timing,
    scheduleScope,
    _effect: {
      formerWorks: rotation.strategy !== 'single',
      changesName: rotation.strategy === 'alternating',
      nextEndsFormer: rotation.strategy !== 'single' || (rotation.mode === 'prove' && KEEPING_TWO.includes(database.engine)),
    },
  };
}

/** Where two credentials are kept, the hours after which the former one is ended; refused where there is one. */
function hoursOfFormer(
  scope: Construct, { engine }: DatabaseTargetFacts, { strategy, mode, factory, formerWorksFor }: DatabaseRotation,
  shortestHours: number | undefined,
): number | undefined {
  if (formerWorksFor === undefined) {
    return undefined;
  }
  if (strategy === 'single' && mode === 'prove' && KEEPING_TWO.includes(engine)) {
    throw new ConflictError(scope, 'a user that changes itself keeps its former password until the next rotation, and outside of '
      + 'rotations nobody acts for it', 'leave out `formerWorksFor`, or use Rotation.dualPassword(), whose superuser ends it');
  }
  if (strategy === 'single') {
    throw new ConflictError(scope, 'a single user has one password, and no former one that could be ended',
      'leave out `formerWorksFor`, or use Rotation.alternatingUsers() or Rotation.dualPassword()');
  }
  return formerHours({
    scope,
    factory: factory ?? `Rotation.${strategy === 'alternating' ? 'alternatingUsers' : 'dualPassword'}`,
    worksFor: formerWorksFor,
    shortestAllowed: 1,
    shortestHours,
    reason: TOO_LATE,
  });
}

/** The function that acts as the user itself, whose password must work already. */
function functionOfUser(
  scope: Construct,
  request: RotationRequest,
  database: DatabaseTargetFacts,
  ofAdmin: boolean,
): RotationFunction {
  const generated = request.content.generate !== undefined && !request.content.adopted;
  const username = request.content.credentials?.username;
  const { secret, fixedName } = request;
  const master = (): MasterSecret => ({ scope, secret, fixedName, username, attached: AttachedSecret.consumableOf(secret) });
  if (generated && !ofAdmin) {
    throw new ConflictError(
      scope,
      'the database does not know the generated password, and a user that cannot sign in cannot change it',
      isCreatedWith(database, master())
        ? 'say that it is the password of the master user: give the DatabaseTarget `superuser: x.secret`'
        : 'use Rotation.singleUserWithSuperuser() or Rotation.alternatingUsers(), or give the value that the database knows: '
        + 'with SecretContent.fromSecretValue(), by hand after SecretContent.unmanaged(), or in a deployed secret that '
        + 'SecretHardening.fromSecret(secret) adopts',
    );
  }
  if (generated) {
    attachAdmin(scope, request, database);
    requireMasterPassword(database, master());
  }
  if (username !== undefined) {
    requireUsername(scope, username, database.engine);
    claimUsers(request, database, [username]);
  }
  requireOwnTemplate(request, database, username === undefined ? [] : [username]);
  return request.functions.forDatabase(request, database);
}

/** Has CloudFormation write engine and host into an admin secret: the constructs of Amazon RDS do it, and others do not. */
function attachAdmin(scope: Construct, request: RotationRequest, { source, attachment, engine }: DatabaseTargetFacts): void {
  if (AttachedSecret.consumableOf(request.secret) !== request.secret) {
    return;
  }
  if (attachment && resourceOf(source) && Stack.of(source!) === Stack.of(scope)) {
    request.secret.attach(attachment);
    return;
  }
  throw new ConflictError(scope, 'nothing writes engine and host of the database into the secret, and a user signs in only '
    + 'where its secret says that it belongs',
  engine === DatabaseEngine.REDSHIFT._facts
    ? 'make the cluster in the stack of the secret; of a Redshift Serverless namespace let the service manage the admin password '
      + '(manageAdminPassword), and say so with SecretHardening.fromSecret(secret).addRotation(Rotation.managedByService())'
    : 'use DatabaseTarget.fromRdsInstance() or .fromRdsCluster() of the database that was made with the secret; of a database '
      + 'that exists already, adopt its secret with SecretHardening.fromSecret(secret)');
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
  const { alternateUsername = `${username}${ALTERNATE_USER_SUFFIX}` } = rotation;
  const maximum = database.engine.maximumUsernameBytes - ALTERNATE_USER_SUFFIX.length;
  if (rotation.strategy === 'alternating' && !rotation.alternateUsername && Buffer.byteLength(username) > maximum) {
    throw new ValidationError({
      scope,
      property: 'SecretContent.databaseCredentials(username)',
      got: username,
      allowed: `at most ${maximum} bytes, so that '${ALTERNATE_USER_SUFFIX}' can be appended`,
      remedy: 'use a shorter name, or Rotation.singleUserWithSuperuser()',
    });
  }
  checkEngine(scope, database, rotation);
  const superuser = rotation.superuser ? requireSecret('superuser', rotation.superuser) : database.superuser;
  if (!superuser) {
    throw new ConflictError(scope, `no superuser is known for the database '${database.id}'`,
      'create the database with an admin secret, or give `superuser` to the rotation or to the DatabaseTarget');
  }
  const usernames = rotation.strategy === 'alternating' ? [username, alternateUsername] : [username];
  usernames.forEach((name) => requireUsername(scope, name, database.engine));
  requireRoles(scope, rotation.createWithRoles, database);
  // Nobody but the master user can sign in to it yet, and a user with no rights does no harm.
  const createWithRoles = rotation.createWithRoles ?? (isCreatedEmpty(database.source) ? [] : undefined);
  requireSuperuser(request, database, superuser, usernames);
  requireKnownSuperuser(database, superuser);
  claimUsers(request, database, usernames);
  refuseMaster(scope, database, usernames);
  requireOwnTemplate(request, database, [username, alternateUsername]);
  if (rotation.strategy === 'alternating') {
    refuseAlternatingBehindProxy(request, database);
  }
  const binding = {
    secret: rotation.scheduleScope ? request.secret.secretArn : boundNameOf(request, request.functions),
    username,
    strategy: rotation.strategy,
    ...(rotation.alternateUsername !== undefined && { alternateUsername }),
    ...(createWithRoles && { createWithRoles }),
    ...(rotation.formerWorksForHours !== undefined && { formerWorksForHours: rotation.formerWorksForHours }),
  };
  return request.functions.forDatabase({ ...request, binding }, database, superuser);
}

/** Refuses what the engine's users cannot have. */
function checkEngine(
  scope: Construct,
  { engine: { name, dualPassword, maximumRoles, systemDatabase }, databaseName = systemDatabase }: DatabaseTargetFacts,
  { strategy, createWithRoles }: DatabaseRotation,
): void {
  if (strategy === 'dualPassword' && !dualPassword) {
    throw new ConflictError(
      scope,
      `users of the engine '${name}' have one password`,
      'use Rotation.alternatingUsers(); two passwords are for MySQL, Redis and Valkey',
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
  if (createWithRoles && createWithRoles.length > 0 && systemDatabase !== undefined && databaseName === systemDatabase) {
    throw new ConflictError(
      scope,
      `the roles of a new user of the engine '${name}' are those of a database, and the target names none but '${systemDatabase}'`,
      'give the DatabaseTarget its `databaseName`, or no roles',
    );
  }
}
