import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret, CfnSecretTargetAttachment } from 'aws-cdk-lib/aws-secretsmanager';
import { Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { keyOfName } from './secret-name';
import type { SecretRecord } from './secret-record';
import { onceFor } from '../../core/once';
import { attributeBehind } from '../../core/token-text';
import { isWithoutStatements } from '../../resource-policy/private/secret-resource-policy';

type Configuration = CfnResourcePolicy | CfnRotationSchedule;

/**
 * Refuses a second resource policy and a second rotation schedule of a secret: the one that is deployed last overwrites the
 * other's guard rails, or its rotation. They may be anywhere in the app, and are made before or after ours.
 */
export function requireOnlyConfiguration(record: SecretRecord): void {
  record.scope.node.addValidation({
    validate: () => {
      const all = keysOfSecret(record).flatMap((key) => configurations(record.scope).get(key) ?? []);
      return [
        ...others(record, all.filter((one) => one instanceof CfnResourcePolicy && !isWithoutStatements(one))).map((path) =>
          `the secret has another resource policy at '${path}', and Secrets Manager keeps one for each secret; add its statements `
            + 'with addToResourcePolicy() of the secret, and take that policy away'),
        ...others(record, all.filter((one) => one instanceof CfnRotationSchedule)).map((path) =>
          `the secret has another rotation schedule at '${path}', and Secrets Manager keeps one for each secret; keep one`),
      ];
    },
  });
}

/** All but one: ours are below the secret, or where neither is, the first. */
function others({ scope, secret }: SecretRecord, all: Configuration[]): string[] {
  const ours = all.find(({ node }) => node.scope === scope) ?? all.find(({ node }) => node.scopes.includes(secret)) ?? all[0];
  return all.filter((one) => one !== ours).map(({ node }) => node.path);
}

/** What configures secrets, by the secret: one search for a stage, however many secrets ask. */
function configurations(scope: IConstruct): Map<string, Configuration[]> {
  const stage = Stage.of(scope)!;
  return onceFor(stage, 'configurations of secrets', () => {
    const found = new Map<string, Configuration[]>();
    for (const construct of stage.node.findAll()) {
      if (construct instanceof CfnResourcePolicy || construct instanceof CfnRotationSchedule) {
        const key = keyOfReference(construct, construct.secretId);
        found.set(key, [...found.get(key) ?? [], construct]);
      }
    }
    return found;
  });
}

function keysOfSecret({ secret, fixedName }: SecretRecord): string[] {
  const resource = secret.node.defaultChild;
  return [
    ...resource instanceof CfnSecret ? [resource.node.path] : [keyOfReference(secret, secret.secretArn)],
    ...fixedName === undefined || Token.isUnresolved(fixedName) ? [] : [keyOfName(secret, fixedName)],
  ];
}

/** A secret as a resource refers to it: by itself, by its attachment to a database, by its name or an ARN. */
function keyOfReference(scope: IConstruct, secretId: string): string {
  const resource = attributeBehind(secretId)?.resource;
  if (resource instanceof CfnSecretTargetAttachment) {
    return keyOfReference(resource, resource.secretId);
  }
  if (resource) {
    return resource.node.path;
  }
  const [, name = secretId] = /:secret:([^:$]+)$/.exec(secretId) ?? [];
  return keyOfName(scope, name.replace(/-[A-Za-z0-9?]{6}$/, ''));
}
