import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError, ValidationError } from '../../core/errors';
import { claimOnce } from '../../core/once';
import type { DatabaseTargetFacts, EngineFacts } from '../../database/private/database-facts';
import { masterUsername } from '../../database/private/rds-database';
import { RotationRequest } from '../../rotation-function/private/rotation-request';
import { AttachedSecret } from '../../secret/private/attached-secret';
import type { SecretRecord } from '../../secret/private/secret-record';

/** The role that makes a user of Amazon RDS a superuser. */
const SUPERUSER_ROLE = 'rds_superuser';

/** Notes that a secret rotates users of a database: two secrets of one user would undo each other's changes. */
export function claimUsers(record: SecretRecord, database: DatabaseTargetFacts, usernames: string[]): void {
  for (const username of usernames) {
    claimOnce(record.scope, {
      what: `secret of the user '${username}' of the database '${database.id}'`,
      extent: 'account and Region',
      remedy: 'use one secret for each user, and mind that alternating users are two',
    });
  }
}

/** Refuses a superuser that the function cannot sign in with, or cannot use on the user. */
export function requireSuperuser(
  request: RotationRequest,
  database: DatabaseTargetFacts,
  superuser: ISecret,
  usernames: string[],
): void {
  const { scope } = request;
  const owner = AttachedSecret.ownerOf(superuser);
  if (owner === request.secret) {
    throw new ConflictError(
      scope,
      '`superuser` is the secret that is to rotate',
      'give the secret of another user, or use Rotation.singleUser()',
    );
  }
  const ofDatabase = superuser === database.superuser ? masterUsername(database.source) : undefined;
  const superuserName = RotationRequest.find(owner)?.content.credentials?.username ?? ofDatabase;
  if (superuserName !== undefined && usernames.includes(superuserName)) {
    throw new ConflictError(
      scope,
      `'${superuserName}' is the superuser itself, which has a secret already`,
      'rotate that with Rotation.singleUser(), or name another user',
    );
  }
  const { region } = Stack.of(request.functions);
  if (!Token.isUnresolved(region) && !Token.isUnresolved(superuser.env.region) && superuser.env.region !== region) {
    throw new ValidationError({
      scope,
      property: 'superuser',
      got: superuser.env.region,
      allowed: `a secret in the Region of the rotation function, ${region}`,
      remedy: 'replicate it to that Region and give the replica',
    });
  }
}

/** Refuses users that nobody could sign in as: a name with the alternate's suffix, too. */
export function requireUsernames(scope: IConstruct, { usernames: rule }: EngineFacts, usernames: string[]): void {
  const refused = usernames.find((username) => rule && !Token.isUnresolved(username) && !rule.pattern.test(username));
  if (refused !== undefined) {
    throw new ValidationError({
      scope,
      property: 'SecretContent.databaseCredentials(username)',
      got: refused,
      allowed: rule!.allowed,
      remedy: 'give the user as clients of the database write it',
    });
  }
}

/** Refuses roles of a new user that no database has, or that make it a superuser. */
export function requireRoles(scope: IConstruct, roles: string[] | undefined, maximumBytes: number): void {
  const refused = roles?.find((role, i) => !Token.isUnresolved(role)
    && (role === '' || Buffer.byteLength(role) > maximumBytes || roles.indexOf(role) !== i || role === SUPERUSER_ROLE));
  if (refused !== undefined) {
    throw new ValidationError({
      scope,
      property: 'createWithRoles',
      got: refused,
      allowed: `different roles of 1 to ${maximumBytes} bytes, none of them ${SUPERUSER_ROLE}`,
      remedy: 'name roles of the application that the superuser may grant',
    });
  }
}
