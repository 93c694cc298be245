import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnResource, type Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { secretArnPattern } from '../core/arn';
import { ConflictError, ValidationError } from '../core/errors';
import { replicaKey, type ReplicaPlatform } from './private/replica-key';
import { requireRegion } from './private/replica-region';
import { deployAfter, topLevelStack } from '../core/stack-order';
import { supportStack } from './private/support-stack';
import type { KeyFacts } from '../encryption/private/encryption-key';
import { aliasNameOf } from '../encryption/private/key-reference';
import { requireEncryptingKey } from '../encryption/private/usable-key';
import { SecretEncryption } from '../encryption/secret-encryption';
import { type GrantableSecret, grantOnSecret, READ, readOnlyReplica } from '../secret/private/secret-permissions';
import { SecretRecord } from '../secret/private/secret-record';

/**
 * Options for a replica of a secret.
 */
export interface SecretReplicaOptions {
  /**
   * The key that encrypts the replica.
   *
   * With `SecretEncryption.ownKey()` and `sharedKey()` it is a customer managed key in the replica's Region, one for all secrets
   * of a platform, about 1 USD a month for each platform and Region. A key given with `SecretEncryption.key()` must be one of the
   * replica's Region.
   *
   * @default SecretEncryption.ownKey()
   */
  readonly encryption?: SecretEncryption;

  /**
   * The stack in the replica's Region that holds the replica's key. Only for `SecretEncryption.ownKey()` and `sharedKey()`.
   *
   * @default - a stack named after platform and Region is made in the stage of the secret's stack, with its account, tags and
   *   synthesizer
   */
  readonly stack?: Stack;
}

/**
 * A copy of a secret in another Region, kept up to date by Secrets Manager and readable there when the primary's Region is not.
 *
 * A replica costs as much as a secret: about 0.40 USD a month, and its key.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
 *
 * @example
 * const copied = new HardenedSecret(this, 'Copied', {
 *   secretName: 'copied',
 *   rotation: Rotation.regenerate(),
 *   replicas: [SecretReplica.inRegion('eu-west-1')],
 * });
 * copied.replica('eu-west-1');
 */
export class SecretReplica {
  /**
   * A replica in a Region. It needs:
   *
   * - a Region in the `env` of the secret's stack;
   * - `cdk bootstrap` for the account in the replica's Region, where its key is made: a second stack, named after platform and
   *   Region, which is deployed before the secret's. Deploy with `cdk deploy --all`, or name the secret's stack, which brings it
   *   along; a pipeline has to have it in a stage;
   * - a `secretName`, where stacks of that Region read it.
   *
   * A Region that this version of the AWS CDK does not know is a warning.
   *
   * @param region the Region, e.g. `eu-west-1`: another than the secret's, of the same partition.
   * @param options key of the replica, and where the key is made.
   * @throws when the replica is given to a secret, for a Region that cannot have it and for a key or stack of another Region.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
   */
  static inRegion(region: string, options: SecretReplicaOptions = {}): SecretReplica {
    return new SecretReplica(region, options);
  }

  /** @internal */
  readonly _region: string;
  /** @internal */
  readonly _options: SecretReplicaOptions;

  private constructor(region: string, options: SecretReplicaOptions) {
    this._region = region;
    this._options = options;
  }
}

/** A bound replica: what the secret's template says of it, and what readers in its Region need. */
export interface ReplicaConfig {
  /** Where it is. */
  readonly region: string;
  /** Absent for the AWS managed key. */
  readonly kmsKeyId?: string;
  /** Name by which readers know the key, where it has one. */
  readonly aliasName?: string;
  /** The key, where it is a construct. */
  readonly key?: IKey;
  /** Stack in the replica's Region, where there is one. */
  readonly stack?: Stack;
}

/** Makes what replicas need, and says what `ReplicaRegions` must be. `scope` is a construct in the primary's stack. */
export function bindReplicas(scope: Construct, replicas: SecretReplica[], options: ReplicaPlatform): ReplicaConfig[] {
  const regions = new Map<string, number>();
  return replicas.map((replica, index) => {
    requireRegion(scope, replica._region);
    const earlier = regions.get(replica._region);
    if (earlier !== undefined) {
      throw new ConflictError(
        scope,
        `\`replicas[${earlier}]\` and \`replicas[${index}]\` are both in '${replica._region}'`,
        'name each Region once',
      );
    }
    regions.set(replica._region, index);
    return bindReplica(scope, replica, options);
  });
}

/**
 * The secret as readers in a replica's Region see it. The name must be fixed: it is all that two Regions share.
 *
 * A replica is read-only, and its resource policy is the primary's: readers who need a statement in it get that where the primary
 * is given.
 */
export function replicaSecret(scope: Construct, replica: ReplicaConfig, secretName?: string, primary?: ISecret): ISecret {
  const { region, kmsKeyId, aliasName } = replica;
  if (secretName === undefined || Token.isUnresolved(secretName)) {
    throw new ValidationError({
      scope,
      property: 'secretName',
      got: secretName,
      allowed: `a fixed name where the replica in '${region}' is read by stacks of its Region`,
      remedy: 'give the secret a `secretName`; a new name makes a new secret',
    });
  }
  const pattern = secretArnPattern(scope, secretName, region);
  const imported = Secret.fromSecretPartialArn(scope, `Replica-${region}`, pattern.slice(0, -'-??????'.length));
  const key: KeyFacts | undefined = kmsKeyId === undefined ? undefined : { kmsKeyId, aliasName };
  const facts: GrantableSecret = {
    resource: imported, secretArn: pattern, fixedName: secretName, key, region, shared: primary && { primary, key: replica.key },
  };
  new SecretRecord({ scope, secret: imported, replica: facts });
  const readOnly = () => {
    throw readOnlyReplica(imported);
  };
  return Object.assign(imported, {
    secretName,
    grantRead: (...[grantee, versionStages]: Parameters<ISecret['grantRead']>) =>
      grantOnSecret(facts, grantee, READ, versionStages),
    grantWrite: readOnly,
    attach: readOnly,
    addRotationSchedule: readOnly,
  });
}

function bindReplica(scope: Construct, replica: SecretReplica, platform: ReplicaPlatform): ReplicaConfig {
  const region = replica._region;
  const { encryption = SecretEncryption.ownKey(), stack: given } = replica._options;
  const { kind, key } = encryption._choice;
  if (kind === 'own' || kind === 'shared') {
    const { platformName } = platform;
    if (Token.isUnresolved(platformName)) {
      throw new ValidationError({
        scope,
        property: 'platformName',
        got: platformName,
        allowed: `text, where a secret has a replica in '${region}'`,
        remedy: 'the name of the key there begins with it; the name of a stack is Stack.of(this).stackName',
      });
    }
    const stack = given ? requireStack(scope, region, given) : supportStack({ scope, platformName, region });
    const { aliasName, key: made } = replicaKey(stack, platform, !given);
    deployAfter(topLevelStack(scope), stack);
    return { region, kmsKeyId: aliasName, aliasName, key: made, stack };
  }
  if (given) {
    throw new ValidationError({
      scope,
      property: `${propertyOf(region)}.stack`,
      got: given,
      allowed: 'not given where the key is an existing one: nothing is made there',
      remedy: 'leave it out',
    });
  }
  return key ? { region, key, ...nameOf(scope, region, key) } : { region };
}

function requireStack(scope: Construct, region: string, stack: Stack): Stack {
  const primary = topLevelStack(scope);
  if (stack.region !== region || isOfOtherAccount(primary, stack.account) || Stage.of(stack) !== Stage.of(primary)) {
    throw new ValidationError({
      scope,
      property: `${propertyOf(region)}.stack`,
      got: stack,
      allowed: `a stack whose Region is known to be '${region}', in the account and the stage of '${primary.node.path}'`,
      remedy: 'give that stack an `env` with account and Region, or leave it out and one is made',
    });
  }
  return stack;
}

/** How the template names an existing key of another Region: nothing that would need a reference across Regions. */
function nameOf(scope: Construct, region: string, key: IKey): Pick<ReplicaConfig, 'kmsKeyId' | 'aliasName'> {
  const primary = topLevelStack(scope);
  const property = `${propertyOf(region)}.encryption`;
  if (!Token.isUnresolved(key.env.region) && key.env.region !== region) {
    throw new ValidationError({
      scope,
      property,
      got: key,
      allowed: `a key in '${region}'; this one is in '${key.env.region}'`,
      remedy: `import the key by an ARN of '${region}', or leave it out and one is made`,
    });
  }
  requireEncryptingKey({ scope, property, services: 'Secrets Manager' }, key);
  const aliasName = aliasNameOf(key);
  if (CfnResource.isCfnResource(key.node.defaultChild)) {
    deployAfter(primary, topLevelStack(key));
  }
  if (aliasName !== undefined && !Token.isUnresolved(aliasName) && !isOfOtherAccount(primary, key.env.account)) {
    return { kmsKeyId: aliasName, aliasName };
  }
  if (Token.isUnresolved(key.keyArn) && topLevelStack(key) !== primary) {
    throw new ConflictError(
      scope,
      `\`${property}\` '${key.node.path}' is in another stack and has no fixed name, and a secret cannot refer across Regions`,
      'give the key an `alias`, or import it by its ARN: Key.fromKeyArn()',
    );
  }
  return { kmsKeyId: key.keyArn };
}

function isOfOtherAccount({ account }: Stack, other: string): boolean {
  return !Token.isUnresolved(other) && !Token.isUnresolved(account) && other !== account;
}

function propertyOf(region: string): string {
  return `SecretReplica.inRegion('${region}')`;
}
