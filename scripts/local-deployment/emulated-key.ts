import { CreateAliasCommand, CreateKeyCommand, EnableKeyRotationCommand } from '@aws-sdk/client-kms';
import type { CreatedResource, Creation } from './creation';

/** AWS::KMS::Key */
export async function createKey(creation: Creation): Promise<CreatedResource> {
  const { Description, KeyPolicy, EnableKeyRotation } = creation.only<{
    Description?: string;
    KeyPolicy?: object;
    EnableKeyRotation?: boolean;
  }>('Description', 'KeyPolicy', 'EnableKeyRotation');
  const { KeyMetadata } = await creation.kms.send(
    new CreateKeyCommand({ Description, Policy: KeyPolicy && JSON.stringify(KeyPolicy) }),
  );
  if (EnableKeyRotation) {
    await creation.kms.send(new EnableKeyRotationCommand({ KeyId: KeyMetadata!.KeyId }));
  }
  return { ref: KeyMetadata!.KeyId!, attributes: { Arn: KeyMetadata!.Arn!, KeyId: KeyMetadata!.KeyId! } };
}

/** AWS::KMS::Alias */
export async function createAlias(creation: Creation): Promise<CreatedResource> {
  const { AliasName, TargetKeyId } = creation.only<{ AliasName: string; TargetKeyId: string }>('AliasName', 'TargetKeyId');
  await creation.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  return { ref: AliasName };
}
