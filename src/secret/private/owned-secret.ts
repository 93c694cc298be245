import type { AddToResourcePolicyResult, Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type CfnSecret,
  type ISecret,
  type ISecretAttachmentTarget,
  type RotationSchedule,
  Secret,
  type SecretStringGenerator,
} from 'aws-cdk-lib/aws-secretsmanager';
import { PhysicalName, type RemovalPolicy, type SecretValue } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AttachedSecret } from './attached-secret';
import { type GrantableSecret, grantOnSecret, READ, WRITE } from './secret-permissions';
import { ConflictError } from '../../core/errors';
import { rememberLogicalIds } from '../../core/logical-ids';
import type { KeyFacts } from '../../encryption/private/encryption-key';
import { SecretResourcePolicy } from '../../resource-policy/private/secret-resource-policy';

/** Properties of {@link OwnedSecret}. */
export interface OwnedSecretProps {
  readonly secretName?: string;
  readonly description?: string;
  readonly generate?: SecretStringGenerator;
  readonly value?: SecretValue;
  readonly key?: KeyFacts;
  readonly removalPolicy: RemovalPolicy;
  readonly replicas: CfnSecret.ReplicaRegionProperty[];
}

/**
 * The secret that users get: an ordinary L2 secret whose grants reach the key, whose policy is one, and whose rotation is ours.
 *
 * The plain L2 loses permissions on the way through other constructs; every member that would is overridden here.
 */
export class OwnedSecret extends Secret implements GrantableSecret {
  readonly fixedName?: string;
  readonly key?: KeyFacts;
  readonly resource = this;
  readonly resourcePolicy: SecretResourcePolicy;
  attachment?: AttachedSecret;

  constructor(scope: Construct, id: string, props: OwnedSecretProps) {
    super(scope, id, {
      secretName: props.secretName,
      description: props.description,
      generateSecretString: props.generate,
      secretStringValue: props.value,
      removalPolicy: props.removalPolicy,
    });
    rememberLogicalIds(this.stack);
    this.key = props.key;
    // A name that the AWS CDK makes up where another environment needs one is not known.
    this.fixedName = props.secretName === PhysicalName.GENERATE_IF_NEEDED ? undefined : props.secretName;
    const resource = this.node.defaultChild as CfnSecret;
    resource.kmsKeyId = props.key?.kmsKeyId;
    resource.replicaRegions = props.replicas.length > 0 ? props.replicas : undefined;
    // The L2 would write statements for this secret into the key's policy if its constructor were given the key.
    Object.defineProperty(this, 'encryptionKey', { value: props.key?.key as IKey | undefined, enumerable: true });
    if (props.secretName === undefined) {
      // The L2 leaves a token of nothing there, which is resolved again and again.
      resource.name = undefined;
    } else if (this.fixedName !== undefined) {
      Object.defineProperty(this, 'secretName', { value: props.secretName, enumerable: true });
    }
    this.resourcePolicy = new SecretResourcePolicy(this, 'Policy', { secretArn: resource.ref });
  }

  /** The secret as consumers should see it: with the database's host in it, where it is attached to one. */
  get consumable(): ISecret {
    return this.attachment?.isBesideSecret ? this.attachment : this;
  }

  grantRead(grantee: IGrantable, versionStages?: string[]): Grant {
    return grantOnSecret(this, grantee, READ, versionStages);
  }

  grantWrite(grantee: IGrantable): Grant {
    return grantOnSecret(this, grantee, WRITE);
  }

  addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    this.resourcePolicy.add(statement);
    return { statementAdded: true, policyDependable: this.resourcePolicy };
  }

  attach(target: ISecretAttachmentTarget): ISecret {
    if (this.attachment) {
      throw new ConflictError(this, 'the secret is attached to a database already', 'use one secret for each database');
    }
    return this.attachment = new AttachedSecret(this, target);
  }

  addRotationSchedule(): RotationSchedule {
    throw new ConflictError(this, 'a rotation schedule of another construct would act beside this secret\'s own rotation',
      'use `rotation` or addRotation() of the HardenedSecret');
  }

  addReplicaRegion(): void {
    throw new ConflictError(this, 'a replica added here would have no key of its own', 'use `replicas` of the HardenedSecret');
  }
}
