import type { AddToResourcePolicyResult, Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  type ISecret,
  type ISecretAttachmentTarget,
  type RotationSchedule,
  Secret,
  SecretTargetAttachment,
} from 'aws-cdk-lib/aws-secretsmanager';
import { type GrantableSecret, grantOnSecret, READ, WRITE } from './secret-permissions';

/** A secret that knows how it is granted and guarded: what {@link AttachedSecret} stands for. */
type Owner = Secret & GrantableSecret;

/** A secret as consumers see it after CloudFormation has written the database's host, port and engine into it. */
export class AttachedSecret extends SecretTargetAttachment {
  /** The secret that was attached, by this library or by the AWS CDK; the given one where it is not attached. */
  static ownerOf(secret: ISecret): ISecret {
    const owner = secret instanceof SecretTargetAttachment ? secret.node.scope : undefined;
    return owner instanceof Secret ? owner : secret;
  }

  /** A secret as whoever needs its host should see it: its attachment, where it has one. */
  static consumableOf(secret: ISecret): ISecret {
    const attachment = secret.node.tryFindChild('Attachment');
    return attachment instanceof SecretTargetAttachment ? attachment : secret;
  }

  private readonly owner: Owner;

  constructor(owner: Owner, target: ISecretAttachmentTarget) {
    super(owner, 'Attachment', { secret: owner, target });
    this.owner = owner;
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
    return { resource: this.owner, secretArn: this.secretArn, fixedName: this.owner.fixedName, key: this.owner.key };
  }
}
