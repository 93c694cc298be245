import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret, CfnSecretTargetAttachment } from 'aws-cdk-lib/aws-secretsmanager';
import { Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { keyOfName } from './secret-name';
import type { SecretRecord } from './secret-record';
import { append } from '../../core/append';
import { onceFor } from '../../core/once';
import { attributeBehind } from '../../core/token-text';
import { isWithoutStatements } from '../../resource-policy/private/secret-resource-policy';

type Configuration = CfnResourcePolicy | CfnRotationSchedule;

/**
 * Refuses a second resource policy and a second rotation schedule of a secret: the one that is deployed last overwrites the
 * other's guard rails, or its rotation. They may be anywhere in the app, and are made before or after ours.
 */
export function requireOnlyConfiguration(record: SecretRecord): void {
  const { scope, secret } = record;
  scope.node.addValidation({
    validate: () => {
      const all = keysOfSecret(record).flatMap((key) => configurations(scope).get(key) ?? []);
      return [
        ...refuseOthers(scope, secret, all.filter(isPolicy)),
        ...others(scope, secret, all.filter((one) => one instanceof CfnRotationSchedule)).map((path) =>
          `the secret has another rotation schedule at '${path}', and Secrets Manager keeps one for each secret; keep one`),
      ];
    },
  });
}

/** Refuses a second resource policy of a secret that had none when it was hardened. */
export function requireOnlyPolicy(resource: CfnSecret): void {
  resource.node.addValidation({
    validate: () => {
      const all = keysOfResource(resource).flatMap((key) => configurations(resource).get(key) ?? []);
      return refuseOthers(resource, resource.node.scope!, all.filter(isPolicy));
    },
  });
}

/** The resource policies of secrets, as an app has them when the first one is asked for. */
export class ResourcePolicies {
  private readonly found = new Map<Stage, Map<string, Configuration[]>>();

  of(resource: CfnSecret): CfnResourcePolicy[] {
    const all = this.in(Stage.of(resource)!);
    return keysOfResource(resource).flatMap((key) => all.get(key) ?? []).filter(isPolicy);
  }

  /** Notes a policy that was made since. */
  add(resource: CfnSecret, policy: CfnResourcePolicy): void {
    const all = this.in(Stage.of(resource)!);
    append(all, resource.node.path, policy);
  }

  private in(stage: Stage): Map<string, Configuration[]> {
    const all = this.found.get(stage) ?? findConfigurations(stage);
    this.found.set(stage, all);
    return all;
  }
}

function isPolicy(one: Configuration): one is CfnResourcePolicy {
  return one instanceof CfnResourcePolicy && !isWithoutStatements(one);
}

function refuseOthers(scope: IConstruct, secret: IConstruct, policies: CfnResourcePolicy[]): string[] {
  return others(scope, secret, policies).map((path) =>
    `the secret has another resource policy at '${path}', and Secrets Manager keeps one for each secret; add its statements `
      + 'with addToResourcePolicy() of the secret, and take that policy away');
}

/** All but one: ours are below the secret, or where neither is, the first. */
function others(scope: IConstruct, secret: IConstruct, all: Configuration[]): string[] {
  const ours = all.find(({ node }) => node.scope === scope) ?? all.find(({ node }) => node.scopes.includes(secret)) ?? all[0];
  return all.filter((one) => one !== ours).map(({ node }) => node.path);
}

/** What configures secrets, by the secret: one search for a stage, once all constructs are made. */
function configurations(scope: IConstruct): Map<string, Configuration[]> {
  const stage = Stage.of(scope)!;
  return onceFor(stage, 'configurations of secrets', () => findConfigurations(stage));
}

/** What configures secrets so far, by the secret. */
function findConfigurations(stage: Stage): Map<string, Configuration[]> {
  const found = new Map<string, Configuration[]>();
  for (const construct of stage.node.findAll()) {
    if (construct instanceof CfnResourcePolicy || construct instanceof CfnRotationSchedule) {
      const key = keyOfReference(construct, construct.secretId);
      append(found, key, construct);
    }
  }
  return found;
}

/** By what the configuration of a secret of the app is found. */
function keysOfResource(resource: CfnSecret, name = resource.name): string[] {
  return [resource.node.path, ...name === undefined || Token.isUnresolved(name) ? [] : [keyOfName(resource, name)]];
}

function keysOfSecret({ secret, fixedName }: SecretRecord): string[] {
  const resource = secret.node.defaultChild;
  return resource instanceof CfnSecret ? keysOfResource(resource, fixedName) : [keyOfReference(secret, secret.secretArn)];
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
