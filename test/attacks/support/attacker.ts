import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import type { BenchRotation } from '../../handlers/support/rotation-bench';
import { FUNCTION_ARN } from '../../handlers/support/rotation-function';
import type { Permission } from '../../servers/permission-list';
import type { StrictGuard } from '../../servers/strict-guard';

const ACCESS_KEY_ID = 'AKIAATTACKER';

/** Secrets of the attacker's own: everything but those of the victims. */
export const OWN_SECRETS = 'attacker/*';

/** Somebody in the account who may do what a test says and nothing else. */
export class Attacker {
  /** A statement of the attacker's policy. */
  static may(actions: string[], ...secrets: string[]): Permission {
    return { accessKeyId: ACCESS_KEY_ID, actions, secrets };
  }

  private readonly client: SecretsManagerClient;

  constructor(guard: StrictGuard) {
    this.client = guard.client({ maxAttempts: 1, credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'none' } });
  }

  /** A secret with the marker tag. */
  async createSecret(name: string, value: unknown): Promise<string> {
    const SecretString = textOf(value);
    const { ARN } = await this.client.send(
      new CreateSecretCommand({ Name: name, SecretString, Tags: [{ Key: ROTATION_MARKER_TAG, Value: 'on' }] }),
    );
    return ARN!;
  }

  /** Stores a version and returns its id. */
  async put(arn: string, value: unknown, labels: string[], token?: string): Promise<string> {
    const stored = await this.client.send(new PutSecretValueCommand({
      SecretId: arn, SecretString: textOf(value), VersionStages: labels, ClientRequestToken: token,
    }));
    return stored.VersionId!;
  }

  async read(arn: string, label = 'AWSCURRENT'): Promise<string> {
    return (await this.client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: label }))).SecretString!;
  }

  /** Version ids by label. */
  async labels(arn: string): Promise<Record<string, string>> {
    const { VersionIdsToStages = {} } = await this.client.send(new DescribeSecretCommand({ SecretId: arn }));
    return Object.fromEntries(
      Object.entries(VersionIdsToStages).flatMap(([versionId, labels]) => labels.map((label) => [label, versionId])),
    );
  }

  /** Puts a label where it is wanted, wherever it is now. */
  async moveLabel(arn: string, label: string, versionId?: string): Promise<void> {
    const from = (await this.labels(arn))[label];
    await this.client.send(new UpdateSecretVersionStageCommand({
      SecretId: arn, VersionStage: label, MoveToVersionId: versionId, RemoveFromVersionId: from === versionId ? undefined : from,
    }));
  }

  /**
   * Has Secrets Manager rotate the secret with a function.
   *
   * AWS refuses it where the function's policy names other secrets, which ours does. Here it succeeds: the function is the last
   * guard.
   */
  async rotate(arn: string, functionArn = FUNCTION_ARN, days = 30): Promise<BenchRotation> {
    const { VersionId } = await this.client.send(new RotateSecretCommand({
      SecretId: arn, RotationLambdaARN: functionArn, RotationRules: { AutomaticallyAfterDays: days },
    }));
    return { arn, token: VersionId! };
  }

  async cancelRotation(arn: string): Promise<void> {
    await this.client.send(new CancelRotateSecretCommand({ SecretId: arn }));
  }

  async delete(arn: string): Promise<void> {
    await this.client.send(new DeleteSecretCommand({ SecretId: arn, RecoveryWindowInDays: 30 }));
  }

  async untag(arn: string): Promise<void> {
    await this.client.send(new UntagResourceCommand({ SecretId: arn, TagKeys: [ROTATION_MARKER_TAG] }));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
