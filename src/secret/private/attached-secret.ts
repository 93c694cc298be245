import type { AddToResourcePolicyResult, Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  type ISecret,
  type ISecretAttachmentTarget,
  type RotationSchedule,
  Secret,
  SecretTargetAttachment,
} from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type GrantableSecret, grantOnSecret, READ, WRITE } from './secret-permissions';
import { stacksOfPassword } from './stacks-of-password';
import { shortId } from '../../core/inner-path';
import { refuseCircle } from '../../core/stack-circles';

/** A secret that knows how it is granted and guarded: what {@link AttachedSecret} stands for. */
type Owner = Secret & GrantableSecret & { readonly attachment?: AttachedSecret };

/** A secret as consumers see it after CloudFormation has written the database's host, port and engine into it. */
export class AttachedSecret extends SecretTargetAttachment {
  /** The secret that was attached, by this library or by the AWS CDK; the given one where it is not attached. */
  static ownerOf(secret: ISecret): ISecret {
    if (secret instanceof AttachedSecret) {
      return secret.owner;
    }
    const owner = secret instanceof SecretTargetAttachment ? secret.node.scope : undefined;
    return owner instanceof Secret ? owner : secret;
  }

  /** A secret as whoever needs its host should see it: its attachment, where it has one. */
  static consumableOf(secret: ISecret): ISecret {
    const attachment = (secret as Partial<Owner>).attachment ?? secret.node.tryFindChild('Attachment');
    return attachment instanceof SecretTargetAttachment ? attachment : secret;
  }

  private readonly owner: Owner;

  /**
   * Beside the secret, or beside a database of another stack that has its first password from the secret: that stack depends on
   * the secret's, which must not depend on it.
   */
  constructor(owner: Owner, target: ISecretAttachmentTarget) {
    const database = Construct.isConstruct(target) && Stack.of(target) !== Stack.of(owner)
      && stacksOfPassword(target).includes(Stack.of(owner)) ? target : undefined;
    super(database ?? owner, database ? `Attachment-${shortId(database, owner)}` : 'Attachment', { secret: owner, target });
    this.owner = owner;
    if (Construct.isConstruct(target)) {
      const remedy = 'make the secret in the stack of the database, or in one that is deployed after it';
      refuseCircle({ from: this, to: target }, remedy);
    }
  }

  /** Whether the secret's own stack may refer to it. */
  get isBesideSecret(): boolean {
    return Stack.of(this) === Stack.of(this.owner);
  }

  grantRead(grantee: IGrantable, versionStages?: string[]): Grant {
    return grantOnSecret(this.grantable, grantee, READ, versionStages);
  }

  grantWrite(grantee: IGrantable): Grant {
    return grantOnSecret(this.grantable, grantee, WRITE);
  }

  addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    return this.owner.addToResourcePolicy(statement);
  }

  attach(target: ISecretAttachmentTarget): ISecret {
    return this.owner.attach(target);
  }

  addRotationSchedule(id: string): RotationSchedule {
    return this.owner.addRotationSchedule(id, {});
  }

  /** The same secret under the attachment's reference, so that whoever is granted something waits for the host. */
  get grantable(): GrantableSecret {
    const secretArn = (this.isBesideSecret ? this : this.owner).secretArn;
    return { resource: this.owner, secretArn, fixedName: this.owner.fixedName, key: this.owner.key };
  }
}
