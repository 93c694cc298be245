import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { EngineFacts } from './database-facts';
import { ValidationError } from '../../core/errors';

/** As long as the longest name of any engine. */
const MAXIMUM_BYTES = 128;
/** The role that makes a user of Amazon RDS a superuser. */
const SUPERUSER_ROLE = 'rds_superuser';

/** Refuses a user that cannot sign in, or that belongs to the engine or to Amazon RDS; tokens pass. */
export function requireUsername(scope: IConstruct, username: string, engine?: EngineFacts): void {
  if (Token.isUnresolved(username)) {
    return;
  }
  const maximum = engine?.maximumUsernameBytes ?? MAXIMUM_BYTES;
  const refuse = (allowed: string, remedy: string): never => {
    const factory = engine?.isDirectory ? 'ldapCredentials' : 'databaseCredentials';
    throw new ValidationError({ scope, property: `SecretContent.${factory}(username)`, got: username, allowed, remedy });
  };
  const bytes = Buffer.byteLength(username);
  if (bytes < 1 || bytes > maximum) {
    refuse(`1 to ${maximum} bytes`, 'give the user as the database knows it');
  }
  if (engine?.reservedUsernames.test(engine.userKey?.(username) ?? username)) {
    refuse(
      'a user that belongs neither to the engine nor to Amazon RDS',
      'give a user of your own: rotation functions do not touch this one',
    );
  }
  if (engine?.names.user.unfit.test(username)) {
    refuse(
      engine.usernameForm ?? `characters that names of the engine '${engine.name}' can have`,
      'give the user as clients of the database write it',
    );
  }
}

/** Refuses roles of a new user that no database has, or that make it an administrator, which no superuser's function changes. */
export function requireRoles(
  scope: IConstruct,
  roles: string[] | undefined,
  { engine, databaseName }: { readonly engine: EngineFacts; readonly databaseName?: string },
): void {
  const { maximumUsernameBytes: maximum, names, isAdministratorRole } = engine;
  const refused = roles?.find((role, i) => !Token.isUnresolved(role) && (
    role === '' || Buffer.byteLength(role) > maximum || names.user.unfit.test(role) || roles.indexOf(role) !== i
    || role === SUPERUSER_ROLE || isAdministratorRole?.(role, databaseName)
  ));
  if (refused !== undefined) {
    throw new ValidationError({
      scope,
      property: 'createWithRoles',
      got: refused,
      allowed: `different roles of 1 to ${maximum} bytes, none of them ${SUPERUSER_ROLE}${
        isAdministratorRole ? ' or another that administers the server' : ''}`,
      remedy: 'name roles of the application that the superuser may grant',
    });
  }
}
