import type { CfnSecret, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { DatabaseTargetFacts, EngineFacts } from './database-facts';
import { originOf, resourceOf } from './new-database';
import { ConflictError, ValidationError } from '../../core/errors';

/** How resources name the password of their master user. */
const PROPERTIES = ['masterUserPassword', 'adminUserPassword'];

/** What Secrets Manager generates, as far as it matters here. */
interface Generated {
  readonly passwordLength: number;
  readonly excludeCharacters: string;
}

/** The secret as the template names it: the secret itself, or its attachment. */
export interface MasterSecret {
  readonly scope: IConstruct;
  readonly secret: ISecret;
  readonly attached: ISecret;
}

/**
 * Whether a database of the app is created with the generated password of a secret; true where the app cannot know it.
 *
 * What the template of the resource says decides, not what its construct was given: one from a snapshot takes no credentials.
 */
export function isMasterPasswordOf({ source }: DatabaseTargetFacts, { secret, attached }: MasterSecret): boolean {
  const resource = resourceOf(source);
  if (!resource) {
    return true;
  }
  const stack = Stack.of(resource);
  const { rawOverrides } = resource as unknown as { rawOverrides?: { Properties?: Record<string, unknown> } };
  const overridden = rawOverrides?.Properties?.MasterUserPassword;
  const properties = resource as unknown as Record<string, unknown>;
  const password = JSON.stringify(stack.resolve(overridden ?? PROPERTIES.map((name) => properties[name])));
  return [secret, attached].some(({ secretArn, secretName }) =>
    [secretArn, secretName].some((name) => password.includes(JSON.stringify(stack.resolve(name)))));
}

/** Refuses to rotate an admin by its own password where the database has another, or would not accept what is generated. */
export function requireMasterPassword(database: DatabaseTargetFacts, master: MasterSecret): void {
  const { source } = database;
  if (!isMasterPasswordOf(database, master)) {
    const origin = originOf(resourceOf(source)!);
    throw new ConflictError(
      master.scope,
      `the database '${source!.node.path}' does not get its master password from the secret${
        origin === undefined ? '' : `: by its ${origin} it begins with that of another one`}, so nobody knows the generated value`,
      origin === undefined
        ? 'give the database `credentials: Credentials.fromSecret(x.secret)`, or the secret the value that the database knows, '
          + 'with SecretContent.fromSecretValue() or, where it is deployed already, SecretHardening.fromSecret(secret)'
        : 'give it `snapshotCredentials` (an instance: `credentials`) SnapshotCredentials.fromSecret(x.secret), or the secret '
          + 'the value that the database knows, with SecretContent.fromSecretValue()',
    );
  }
  requireAcceptable(master.scope, database.engine, generatedOf(master.secret));
}

function generatedOf(secret: ISecret): Generated {
  return (secret.node.defaultChild as CfnSecret).generateSecretString as Generated;
}

function requireAcceptable(
  scope: IConstruct,
  { name, passwordLength: { minimum, maximum }, masterExcludes }: EngineFacts,
  { passwordLength, excludeCharacters }: Generated,
): void {
  const isKnown = !Token.isUnresolved(passwordLength) && !Token.isUnresolved(excludeCharacters);
  const taken = [...masterExcludes].filter((character) => !excludeCharacters.includes(character));
  if (isKnown && (passwordLength < minimum || passwordLength > maximum || taken.length > 0)) {
    throw new ValidationError({
      scope,
      property: 'SecretContent.databaseCredentials(engine)',
      got: `${passwordLength} characters${taken.length > 0 ? `, ${taken.join(' ')} among them` : ''}`,
      allowed: `first passwords of ${minimum} to ${maximum} characters without ${[...masterExcludes].join(' ')}, as the service `
        + `takes them for the master user of the engine '${name}'`,
      remedy: `give the content \`engine: DatabaseEngine.${constantOf(name)}\`, or such a passwordLength and `
        + 'excludeCharacters',
    });
  }
}

function constantOf(name: string): string {
  return name === 'mongo' ? 'DOCUMENTDB' : name.toUpperCase();
}
