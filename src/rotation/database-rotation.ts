import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { SuperuserRotationOptions } from './database-rotation-options';
import type { RotationBindOptions, RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import { AttachedSecret } from '../private/attached-secret';
import type { DatabaseTargetFacts } from '../private/database-facts';
import { ConflictError, ValidationError } from '../private/errors';
import { ALTERNATE_USER_SUFFIX, type RotationMode, type UserBinding } from '../private/handler-contract';
import { rotationContextOf, type RotationContext } from '../private/rotation-context';
import type { RotationFunction } from '../private/rotation-function';

/** A strategy, with what the user chose for it. */
interface DatabaseRotation extends SuperuserRotationOptions {
  readonly strategy: UserBinding['strategy'];
  readonly mode: RotationMode;
}

/** Binds a user's secret to the function of its database. */
export function bindDatabaseRotation(scope: Construct, options: RotationBindOptions, rotation: DatabaseRotation): RotationConfig {
  const context = rotationContextOf(scope, options.secret);
  const database = rotation.database?._facts ?? context.content.credentials?.database;
  if (!database) {
    throw new ConflictError(scope, 'a database rotation needs to know the database',
      'use SecretContent.databaseCredentials({ username, database }), or give the rotation its `database`');
  }
  const ofAdmin = database.superuser !== undefined && AttachedSecret.ownerOf(database.superuser) === context.secret;
  const rotationFunction = rotation.mode === 'prove'
    ? functionOfUser(scope, context, database, ofAdmin)
    : functionOfSuperuser(scope, context, database, rotation, ofAdmin);
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  // The database's stack depends on its admin secret's, so that secret's stack cannot depend on anything that reaches the database.
  const scheduleScope = ofAdmin && Stack.of(rotationFunction) !== Stack.of(scope) ? rotationFunction : undefined;
  return { ...rotationFunction.use(context, timing._bind(scope).longestHours, scheduleScope), timing, scheduleScope };
}

/** The function that acts as the user itself, whose password must work already. */
function functionOfUser(scope: Construct, context: RotationContext, database: DatabaseTargetFacts, ofAdmin: boolean): RotationFunction {
  if (context.content.generate && !ofAdmin) {
    throw new ConflictError(scope, 'the database does not know the generated password, and a user that cannot sign in cannot change it',
      'use Rotation.singleUserWithSuperuser() or Rotation.alternatingUsers(), or give the value that the database knows with SecretContent.fromSecretValue()');
  }
  return context.functions.forDatabase(scope, database);
}

/** The function that acts as the superuser, on the users that are bound to it. */
function functionOfSuperuser(
  scope: Construct, context: RotationContext, database: DatabaseTargetFacts, rotation: DatabaseRotation, ofAdmin: boolean,
): RotationFunction {
  const username = context.content.credentials?.username;
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
  const superuser = rotation.superuser ?? database.superuser;
  if (!superuser) {
    throw new ConflictError(scope, `no superuser is known for the database '${database.id}'`,
      'create the database with an admin secret, or give `superuser` to the rotation or to the DatabaseTarget');
  }
  const rotationFunction = context.functions.forDatabase(scope, database, superuser);
  rotationFunction.bindUser({
    secret: rotationFunction.nameOf(context),
    username,
    strategy: rotation.strategy,
    ...(rotation.createWithRoles && { createWithRoles: rotation.createWithRoles }),
  });
  return rotationFunction;
}
