import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ConflictError, ValidationError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';
import { claimOnce } from '../../core/once';
import type { DatabaseTargetFacts } from '../../database/private/database-facts';
import { masterUsername } from '../../database/private/rds-database';
import { RotationRequest } from '../../rotation-function/private/rotation-request';
import { AttachedSecret } from '../../secret/private/attached-secret';
import type { SecretRecord } from '../../secret/private/secret-record';
import { fieldsInTemplate } from '../../secret/private/secret-template';

/** Notes that a secret rotates users of a database: two secrets of one user would undo each other's changes. */
export function claimUsers(record: SecretRecord, database: DatabaseTargetFacts, usernames: string[]): void {
  for (const username of usernames) {
    claimOnce(record.scope, {
      what: `secret of the user '${username}' of the database '${database.id}'`,
      key: JSON.stringify(['user', database.engine.userKey?.(username) ?? username, database.identity]),
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
  if (fixedNameOf(superuser) !== undefined && fixedNameOf(superuser) === request.fixedName) {
    throw new ConflictError(
      scope,
      `\`superuser\` has the name '${request.fixedName}', which is that of the secret that is to rotate`,
      'give the secret of another user, or use Rotation.singleUser()',
    );
  }
  const superuserName = usernameOf(superuser) ?? (superuser === database.superuser ? masterUsername(database.source) : undefined);
  const { userKey = (name: string) => name } = database.engine;
  if (superuserName !== undefined && usernames.map(userKey).includes(userKey(superuserName))) {
    throw new ConflictError(
      scope,
      `'${superuserName}' is the superuser itself, which has a secret already`,
      'rotate that with Rotation.singleUser(), or name another user',
    );
  }
  const stack = Stack.of(request.functions);
  if (otherPart(stack, superuser.env, ['region'])) {
    throw new ValidationError({
      scope,
      property: 'superuser',
      got: superuser.env.region,
      allowed: `a secret in the Region of the rotation function, ${stack.region}`,
      remedy: 'replicate it to that Region and give the replica',
    });
  }
}

/** Refuses the master user, which only its own secret rotates: whoever has its password has the database. */
export function refuseMaster(scope: IConstruct, { source, superuser }: DatabaseTargetFacts, usernames: string[]): void {
  const made = source && superuser?.node.scopes.includes(source) ? usernameOf(superuser) : undefined;
  const master = masterUsername(source) ?? made;
  if (master !== undefined && usernames.includes(master)) {
    throw new ConflictError(
      scope,
      `'${master}' is the master user of the database, an administrator, whose password no superuser changes`,
      'rotate its own secret with Rotation.singleUser(), or name another user',
    );
  }
}

/** Refuses a secret whose template says that it belongs to another user or to another database. */
export function requireOwnTemplate(request: SecretRecord, database: DatabaseTargetFacts, usernames: string[]): void {
  const { username, engine, host, port } = fieldsInTemplate(request.secret);
  const engines = [database.engine.name, ...database.engine.rdsEngineTypes];
  const same = (said: unknown, known: string | number) => said === undefined || Token.isUnresolved(known)
    || String(said).toLowerCase() === String(known).toLowerCase();
  const wrong = [
    usernames.length === 0 || username === undefined || usernames.includes(String(username)) ? [] : ['username'],
    engine === undefined || engines.includes(String(engine)) ? [] : ['engine'],
    same(host, database.host) ? [] : ['host'],
    same(port, database.port) ? [] : ['port'],
  ].flat();
  if (wrong.length > 0) {
    throw new ConflictError(
      request.scope,
      `the template of the secret is for another user or database than its rotation: ${wrong.join(', ')} differ`,
      'give the rotation the database, and the content the user, that the secret is for',
    );
  }
}

/** The user whose credentials a secret holds, as far as its content or its template says it. */
function usernameOf(secret: ISecret): string | undefined {
  const owner = AttachedSecret.ownerOf(secret);
  const username = RotationRequest.find(owner)?.content.credentials?.username ?? fieldsInTemplate(owner).username;
  return typeof username === 'string' ? username : undefined;
}

/** The name of an imported secret, as far as it says it. */
function fixedNameOf({ secretName }: ISecret): string | undefined {
  return Token.isUnresolved(secretName) ? undefined : secretName;
}
