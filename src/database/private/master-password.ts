import { CfnNamespace } from 'aws-cdk-lib/aws-redshiftserverless';
import type { CfnSecret, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type CfnResource, Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { DatabaseTargetFacts, EngineFacts } from './database-facts';
import { originOf, resourceOf } from './new-database';
import { ConflictError, ValidationError } from '../../core/errors';
import { onceFor } from '../../core/once';
import { propertyOf } from '../../core/template-property';
import { attributeBehind } from '../../core/token-text';

const WORKGROUP = 'AWS::RedshiftServerless::Workgroup';

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
  readonly fixedName?: string;
  /** The user that the secret names. */
  readonly username?: string;
}

/** Why a secret is not that of a database's master user, and what to do. */
interface Obstacle {
  readonly what: string;
  readonly remedy: string;
}

/**
 * Why a database of the app is not created with the user and the generated password of a secret; undefined where it is, and where
 * the app cannot know it.
 *
 * What the template of the resource says decides, not what its construct was given: one from a snapshot takes no credentials.
 */
export function otherMaster({ source }: DatabaseTargetFacts, master: MasterSecret): Obstacle | undefined {
  const resource = masterOf(source);
  if (!resource) {
    return undefined;
  }
  const database = `the database '${source!.node.path}'`;
  if (hasPasswordOf(resource, master)) {
    return otherUsername(database, propertyOf(resource, nameOf(resource, 'Username')), master.username);
  }
  const origin = originOf(resource);
  return {
    what: `${database} does not get its master password from the secret${
      origin === undefined ? '' : `: by its ${origin} it begins with that of another one`}, so nobody knows the generated value`,
    remedy: origin === undefined
      ? 'give the database `credentials: Credentials.fromSecret(x.secret)`, or the secret the value that the database knows, '
        + 'with SecretContent.fromSecretValue() or, where it is deployed already, SecretHardening.fromSecret(secret)'
      : 'give it `snapshotCredentials` (an instance: `credentials`) SnapshotCredentials.fromSecret(x.secret), or the secret '
        + 'the value that the database knows, with SecretContent.fromSecretValue()',
  };
}

/** Whether a database whose target does not say so is created with the password of a secret. */
export function isCreatedWith({ source }: DatabaseTargetFacts, master: MasterSecret): boolean {
  const resource = masterOf(source);
  return resource !== undefined && hasPasswordOf(resource, master);
}

function hasPasswordOf(resource: CfnResource, { secret, attached, fixedName }: MasterSecret): boolean {
  const stack = Stack.of(resource);
  const password = JSON.stringify([stack.resolve(propertyOf(resource, nameOf(resource, 'UserPassword')))]);
  const byName = fixedName !== undefined && password.includes(`:${fixedName}:`);
  return byName || [secret, attached].some(({ secretArn, secretName }) =>
    [secretArn, secretName].some((name) => password.includes(JSON.stringify(stack.resolve(name)))));
}

function nameOf(resource: CfnResource, property: string): string {
  return `${resource instanceof CfnNamespace ? 'admin' : 'master'}${property}`;
}

/** Some engines fold the names of users: names that differ in case alone may be one. */
function otherUsername(database: string, ofDatabase: unknown, ofSecret: string | undefined): Obstacle | undefined {
  const isKnown = typeof ofDatabase === 'string' && ofSecret !== undefined && !Token.isUnresolved([ofDatabase, ofSecret]);
  return !isKnown || ofDatabase.toLowerCase() === ofSecret.toLowerCase() ? undefined : {
    what: `${database} has the master user '${ofDatabase}', and the secret names '${ofSecret}'`,
    remedy: 'give both one name',
  };
}

/** Refuses to rotate an admin by its own password where the database has another, or would not accept what is generated. */
export function requireMasterPassword(database: DatabaseTargetFacts, master: MasterSecret): void {
  const obstacle = otherMaster(database, master);
  if (obstacle) {
    throw new ConflictError(master.scope, obstacle.what, obstacle.remedy);
  }
  requireAcceptable(master.scope, database.engine, generatedOf(master.secret));
}

/** The resource of the app that has the master user of a database: of a workgroup its namespace, where the app defines it. */
function masterOf(source: IConstruct | undefined): CfnResource | undefined {
  const resource = resourceOf(source);
  if (resource?.cfnResourceType !== WORKGROUP) {
    return resource;
  }
  const name = propertyOf(resource, 'namespaceName');
  return typeof name === 'string' ? namespaces(resource).get(attributeBehind(name)?.resource ?? name) : undefined;
}

/** The namespaces of a stage, by themselves and by their names: one search, once all constructs are made. */
function namespaces(scope: IConstruct): Map<unknown, CfnNamespace> {
  const stage = Stage.of(scope)!;
  return onceFor(stage, 'namespaces of Redshift Serverless', () => new Map<unknown, CfnNamespace>(stage.node.findAll()
    .filter((construct): construct is CfnNamespace => construct instanceof CfnNamespace)
    .flatMap((namespace) => [[namespace, namespace], [propertyOf(namespace, 'namespaceName'), namespace]])));
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
