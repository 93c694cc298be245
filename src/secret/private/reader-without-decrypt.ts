import { CfnManagedPolicy, CfnPolicy, CfnRole, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, CfnSecretTargetAttachment } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations, Resource, Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { keyOfName } from './secret-name';
import type { SecretRecord } from './secret-record';
import { append } from '../../core/append';
import { onceFor } from '../../core/once';
import { referencesIn } from '../../core/references';

/** Stable: users acknowledge the warning by this name. */
const READER_WITHOUT_DECRYPT = 'cdk-secretsmanager-patterns:readerWithoutDecrypt';

/** Managed policies of AWS that let nobody decrypt, and that constructs of the AWS CDK attach. */
const WITHOUT_DECRYPT = /:policy\/service-role\/AWSLambda(BasicExecution|VPCAccessExecution)Role"/;

/** A statement as a policy document has it, before its tokens are resolved. */
interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: unknown;
}

/**
 * Warns of the roles of the app that may read a secret and not decrypt its value: constructs of other libraries give the one
 * permission and know nothing of the key. A role whose permissions the app does not know all is not judged.
 */
export function warnOfReadersWithoutDecrypt({ scope, secret, key, fixedName }: SecretRecord): void {
  const keyResource = key?.key && Resource.isOwnedResource(key.key) ? key.key.node.defaultChild : undefined;
  const resource = secret.node.defaultChild;
  if (!(keyResource instanceof CfnKey) || !(resource instanceof CfnSecret)) {
    return;
  }
  scope.node.addValidation({
    validate: () => {
      const { decryptionOf, readersOf } = permissions(scope);
      const names = [resource.node.path, ...fixedName === undefined ? [] : [keyOfName(scope, fixedName)]];
      for (const role of new Set(names.flatMap((name) => readersOf.get(name) ?? []))) {
        const { isKnown, anyKey, keys } = decryptionOf(role);
        if (isKnown && !anyKey && !keys.has(keyResource) && !isLetIn(role, keyResource)) {
          // At the resource: the oldest AWS CDK looks for what was acknowledged above it only.
          Annotations.of(role).addWarningV2(READER_WITHOUT_DECRYPT, `the role '${role.node.scope!.node.path}' may read `
            + `the secret '${scope.node.path}' and not decrypt its value with the key '${key!.key!.node.path}'; let it read with `
            + 'secret.grants.read(role), which grants both');
        }
      }
      return [];
    },
  });
}

/** What a role may decrypt, as far as the app knows. */
interface Decryption {
  /** Whether the app knows all that the role may do. */
  readonly isKnown: boolean;
  readonly anyKey: boolean;
  readonly keys: ReadonlySet<IConstruct>;
}

/**
 * What roles of the app may decrypt, and who may read a secret by the secret's path or name: one search for a stage, and one of
 * the statements of each role, however many secrets it reads.
 */
function permissions(scope: IConstruct) {
  const stage = Stage.of(scope)!;
  return onceFor(stage, 'permissions of roles', () => {
    const statementsOf = new Map<CfnRole, Statement[]>();
    const readersOf = new Map<string, CfnRole[]>();
    for (const construct of stage.node.findAll()) {
      for (const [role, document] of documentsOf(construct)) {
        const statements = allowedBy(document);
        append(statementsOf, role, ...statements);
        for (const name of statements.flatMap((statement) => secretsRead(construct, statement))) {
          append(readersOf, name, role);
        }
      }
    }
    const decryptions = new Map<CfnRole, Decryption>();
    const decryptionOf = (role: CfnRole): Decryption => {
      const known = decryptions.get(role) ?? decryption(role, statementsOf.get(role)!);
      decryptions.set(role, known);
      return known;
    };
    return { decryptionOf, readersOf };
  });
}

function documentsOf(construct: IConstruct): [CfnRole, unknown][] {
  if (construct instanceof CfnRole) {
    const inline = [construct.policies].flat() as { readonly policyDocument?: unknown }[];
    return [...inline, ...attachedTo(construct)].map((policy) => [construct, policy?.policyDocument]);
  }
  if (construct instanceof CfnPolicy || construct instanceof CfnManagedPolicy) {
    const roles = referencesIn(construct, construct.roles).filter((target) => target instanceof CfnRole);
    return roles.map((role) => [role, construct.policyDocument]);
  }
  return [];
}

/** The managed policies of the app that a role names. */
function attachedTo(role: CfnRole): CfnManagedPolicy[] {
  return [...new Set(referencesIn(role, role.managedPolicyArns).filter((target) => target instanceof CfnManagedPolicy))];
}

function allowedBy(document: unknown): Statement[] {
  const json = (document instanceof PolicyDocument ? document.toJSON() : document) as { Statement?: Statement[] } | undefined;
  return [json?.Statement].flat().filter((statement) => statement?.Effect === 'Allow') as Statement[];
}

/** The secrets of the app that a statement lets somebody read: by path, or by name. */
function secretsRead(scope: IConstruct, statement: Statement): string[] {
  const resources = allows(statement, 'secretsmanager:GetSecretValue') ? [statement.Resource].flat() : [];
  return resources.flatMap((arn) => {
    const secrets = referencesIn(scope, arn).flatMap((target) =>
      target instanceof CfnSecretTargetAttachment ? referencesIn(target, target.secretId) : [target]);
    const [, name = undefined] = /:secret:([^:]+)-(?:\*|\?{6})$/.exec(String(arn)) ?? [];
    return [...secrets.map(({ node }) => node.path), ...name === undefined ? [] : [keyOfName(scope, name)]];
  });
}

/** Whether the app knows all that a role may do: the policies that are attached are its own, or of AWS and without keys. */
function hasKnownPolicies(role: CfnRole): boolean {
  const arns: unknown[] = Stack.of(role).resolve(role.managedPolicyArns) ?? [];
  const unknown = arns.filter((arn) => !WITHOUT_DECRYPT.test(JSON.stringify(arn)));
  return unknown.length === attachedTo(role).length;
}

/** What statements may be about any key: a reference to a key of the app is about that alone. */
function decryption(role: CfnRole, statements: readonly Statement[]): Decryption {
  const keys = statements
    .filter((statement) => statement.Action === undefined || allows(statement, 'kms:Decrypt'))
    .flatMap(({ Resource: resource }) => [resource].flat())
    .map((arn) => referencesIn(role, arn).filter((target) => target instanceof CfnKey));
  return { isKnown: hasKnownPolicies(role), anyKey: keys.some(({ length }) => length === 0), keys: new Set(keys.flat()) };
}

/** Whether the policy of the key itself lets the role in. */
function isLetIn(role: CfnRole, key: CfnKey): boolean {
  return allowedBy(key.keyPolicy).filter((statement) => allows(statement, 'kms:Decrypt')).some(({ Principal }) => {
    const text = JSON.stringify(Principal);
    return text.includes('"*"') || referencesIn(key, Principal).includes(role)
      || (role.roleName !== undefined && !Token.isUnresolved(role.roleName) && text.includes(role.roleName));
  });
}

function allows({ Action = [] }: Statement, action: string): boolean {
  return [Action].flat().some((pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')
    .replace(/\?/g, '.')}$`, 'i').test(action));
}
