import type { CallLimits, SecretsManagerClient } from './secrets-manager-client';
import { RotationError } from '../core/rotation-error';
import type {
  LabelMove,
  NewVersion,
  SecretDescription,
  SecretStore,
  SecretValue,
  VersionSelector,
  VersionSummary,
} from '../core/secret-store';

const MAXIMUM_PAGES = 10;

/** {@link SecretStore} on AWS Secrets Manager. */
export class SecretsManagerStore implements SecretStore {
  constructor(private readonly client: SecretsManagerClient, private readonly limits: CallLimits) {}

  async describe(secret: string): Promise<SecretDescription> {
    const answer = await this.call('DescribeSecret', { SecretId: secret });
    return {
      arn: text(answer.ARN) ?? secret,
      name: text(answer.Name) ?? '',
      tagKeys: list(answer.Tags).flatMap(({ Key }) => text(Key) ?? []),
      rotationEnabled: typeof answer.RotationEnabled === 'boolean' ? answer.RotationEnabled : undefined,
      rotationFunctionArn: text(answer.RotationLambdaARN),
      encryptionKey: text(answer.KmsKeyId),
      createdAt: time(answer.CreatedDate),
      changedAt: time(answer.LastChangedDate),
      rotatedAt: time(answer.LastRotatedDate),
      nextRotationAt: time(answer.NextRotationDate),
      deletedAt: time(answer.DeletedDate),
      replicas: list(answer.ReplicationStatus).map(({ Region, Status }) => ({
        region: text(Region) ?? '',
        status: text(Status) ?? '',
      })),
      versions: new Map(
        Object.entries(record(answer.VersionIdsToStages)).map(([versionId, labels]) => [versionId, texts(labels)]),
      ),
    };
  }

  async read(secret: string, version: VersionSelector): Promise<SecretValue | undefined> {
    try {
      const answer = await this.call('GetSecretValue', {
        SecretId: secret,
        VersionId: version.versionId,
        VersionStage: version.label,
      });
      return { versionId: text(answer.VersionId) ?? '', text: text(answer.SecretString) };
    } catch (thrown) {
      return otherwise(thrown, 'ResourceNotFoundException', undefined);
    }
  }

  async putPending(secret: string, version: NewVersion): Promise<'stored' | 'exists'> {
    try {
      await this.call('PutSecretValue', {
        SecretId: secret,
        ClientRequestToken: version.token,
        RotationToken: version.rotationToken,
        SecretString: version.text,
        VersionStages: ['AWSPENDING'],
      });
      return 'stored';
    } catch (thrown) {
      return otherwise(thrown, 'ResourceExistsException', 'exists');
    }
  }

  async moveLabel(secret: string, label: string, move: LabelMove): Promise<void> {
    await this.call('UpdateSecretVersionStage', {
      SecretId: secret,
      VersionStage: label,
      MoveToVersionId: move.to,
      RemoveFromVersionId: move.from,
    });
  }

  async listVersions(secret: string): Promise<VersionSummary[]> {
    const versions: VersionSummary[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAXIMUM_PAGES && (page === 0 || next !== undefined); page++) {
      const answer = await this.call('ListSecretVersionIds', {
        SecretId: secret,
        IncludeDeprecated: true,
        MaxResults: 100,
        NextToken: next,
      });
      for (const version of list(answer.Versions)) {
        versions.push({
          versionId: text(version.VersionId) ?? '',
          createdAt: time(version.CreatedDate) ?? 0,
          labels: texts(version.VersionStages),
        });
      }
      next = text(answer.NextToken);
    }
    return versions;
  }

  private async call(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.client.call(action, input, this.limits);
  }
}

function otherwise<T>(thrown: unknown, code: string, value: T): T {
  if (thrown instanceof RotationError && thrown.code === code) {
    return value;
  }
  throw thrown;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** Dates are seconds since the epoch. */
function time(value: unknown): number | undefined {
  return typeof value === 'number' ? value * 1_000 : undefined;
}
