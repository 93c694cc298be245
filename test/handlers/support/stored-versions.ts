import { GetSecretValueCommand, ListSecretVersionIdsCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** All that Secrets Manager keeps of a secret, also what no label points to. */
export class StoredVersions {
  static async read(client: SecretsManagerClient, arn: string): Promise<StoredVersions> {
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand({ SecretId: arn, IncludeDeprecated: true }));
    const texts = await Promise.all(
      Versions.map(async ({ VersionId }) =>
        client.send(new GetSecretValueCommand({ SecretId: arn, VersionId })).then(
          ({ SecretString }) => SecretString,
          () => undefined,
        ),
      ),
    );
    return new StoredVersions(
      Object.fromEntries(Versions.map(({ VersionId = '' }, index) => [VersionId, texts[index]])),
      Object.fromEntries(Versions.map(({ VersionId = '', VersionStages = [] }) => [VersionId, VersionStages])),
    );
  }

  private constructor(
    /** Values by version; `undefined` where there is none yet. */
    readonly texts: Readonly<Record<string, string | undefined>>,
    private readonly labels: Readonly<Record<string, readonly string[]>>,
  ) {}

  /** Every version that has the label. */
  with(label: string): string[] {
    return Object.keys(this.labels).filter((versionId) => this.labels[versionId].includes(label));
  }
}
