import {
  CreateSecretCommand, GetRandomPasswordCommand, GetSecretValueCommand, PutResourcePolicyCommand, PutSecretValueCommand,
  type ReplicaRegionType, type SecretsManagerClient, type Tag,
} from '@aws-sdk/client-secrets-manager';
import type { CreatedResource, Creation } from './creation';

/** What a target attachment writes into a secret. */
export type ConnectionFacts = Readonly<Record<string, string | number>>;

interface GenerateSecretString {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludePunctuation?: boolean;
}

interface SecretProperties {
  readonly Name?: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly GenerateSecretString?: GenerateSecretString;
  readonly SecretString?: string;
  readonly ReplicaRegions?: ReplicaRegionType[];
  readonly Tags?: Tag[];
}

/** AWS::SecretsManager::Secret */
export async function createSecret(creation: Creation): Promise<CreatedResource> {
  const { Name, SecretString, GenerateSecretString = {}, ReplicaRegions, ...more } = creation.only<SecretProperties>(
    'Name', 'Description', 'KmsKeyId', 'GenerateSecretString', 'SecretString', 'ReplicaRegions', 'Tags',
  );
  const { ARN } = await creation.secretsManager.send(new CreateSecretCommand({
    ...more,
    Name: Name ?? creation.generatedName,
    SecretString: SecretString ?? await generate(creation.secretsManager, GenerateSecretString),
    AddReplicaRegions: ReplicaRegions,
  }));
  const replicas = ReplicaRegions?.map(
    ({ Region, KmsKeyId }) => `replica in ${Region} under ${KmsKeyId ?? 'the key aws/secretsmanager'}`,
  );
  return { ref: ARN!, attributes: { Id: ARN! }, note: replicas?.join(', ') };
}

/** AWS::SecretsManager::ResourcePolicy */
export async function createResourcePolicy(creation: Creation): Promise<CreatedResource> {
  const { SecretId, ResourcePolicy, BlockPublicPolicy } = creation.only<{
    SecretId: string;
    ResourcePolicy: object;
    BlockPublicPolicy?: boolean;
  }>('SecretId', 'ResourcePolicy', 'BlockPublicPolicy');
  await creation.secretsManager.send(
    new PutResourcePolicyCommand({ SecretId, ResourcePolicy: JSON.stringify(ResourcePolicy), BlockPublicPolicy }),
  );
  return { ref: SecretId };
}

/** AWS::SecretsManager::SecretTargetAttachment: a new value, the former one with the facts of the target in it. */
export async function createTargetAttachment(
  creation: Creation,
  targets: ReadonlyMap<string, ConnectionFacts>,
): Promise<CreatedResource> {
  const { SecretId, TargetId } = creation.only<{ SecretId: string; TargetId: string; TargetType: string }>(
    'SecretId',
    'TargetId',
    'TargetType',
  );
  const facts = targets.get(TargetId);
  if (facts === undefined) {
    throw new Error(`${TargetId} is not a database that was created`);
  }
  const { SecretString } = await creation.secretsManager.send(new GetSecretValueCommand({ SecretId }));
  const attached = { ...JSON.parse(SecretString!) as object, ...facts };
  await creation.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(attached) }));
  return { ref: SecretId };
}

/** The secret that Amazon RDS makes where it manages the password of the master user: its ARN, and the password. */
export async function createMasterSecret(
  client: SecretsManagerClient, identifier: string, username: string,
): Promise<{ arn: string; password: string }> {
  const { RandomPassword } = await client.send(new GetRandomPasswordCommand({ ExcludeCharacters: '/"@\'\\ ' }));
  const { ARN } = await client.send(new CreateSecretCommand({
    Name: `rds!db-${identifier}`,
    SecretString: JSON.stringify({ username, password: RandomPassword }),
  }));
  return { arn: ARN!, password: RandomPassword! };
}

/** What a dynamic reference to a field of a secret stands for. */
export async function readDynamicReference(client: SecretsManagerClient, reference: string): Promise<string> {
  const [, SecretId, field] =
    /^\{\{resolve:secretsmanager:(arn:(?:[^:}]*:){5}[^:}]+|[^:}]+):SecretString:([^:}]+)::\}\}$/.exec(reference) ?? [];
  if (SecretId === undefined) {
    throw new Error(
      'this is not a dynamic reference to a field of a secret, and a password does not stand in a template as such',
    );
  }
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  return String((JSON.parse(SecretString!) as Record<string, unknown>)[field]);
}

async function generate(client: SecretsManagerClient, options: GenerateSecretString): Promise<string> {
  const { SecretStringTemplate, GenerateStringKey, ...password } = options;
  const { RandomPassword } = await client.send(new GetRandomPasswordCommand(password));
  return SecretStringTemplate === undefined || GenerateStringKey === undefined
    ? RandomPassword!
    : JSON.stringify({ ...JSON.parse(SecretStringTemplate) as object, [GenerateStringKey]: RandomPassword });
}
