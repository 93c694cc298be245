import { DescribeSecretCommand, GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A version of a secret that carries labels, and the user that it is for. */
export interface LabelledVersion {
  readonly labels: readonly string[];
  readonly versionId: string;
  readonly username: string;
}

/** The labelled versions of a secret of database credentials, the current one first. */
export async function readLabels(client: SecretsManagerClient, secretArn: string): Promise<LabelledVersion[]> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: secretArn }));
  const versions = await Promise.all(Object.entries(VersionIdsToStages).map(async ([versionId, labels]) => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn, VersionId: versionId }));
    return { labels, versionId, username: (JSON.parse(SecretString!) as { username: string }).username };
  }));
  return versions.sort((one, other) => Number(other.labels.includes('AWSCURRENT')) - Number(one.labels.includes('AWSCURRENT')));
}
