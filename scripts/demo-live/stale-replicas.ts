import { DescribeSecretCommand, GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { DeployedExample } from './deployed-example';
import type { Emulator } from '../local-deployment/emulator';

/** The Regions in which the replica of the application's secret does not have the primary's value. */
export async function staleReplicas(emulator: Emulator, { client, schedule: { secretArn } }: DeployedExample): Promise<string[]> {
  const { Name, ReplicationStatus = [] } = await client.send(new DescribeSecretCommand({ SecretId: secretArn }));
  const current = await currentValue(client, Name!);
  const regions = ReplicationStatus.map(({ Region }) => Region!);
  const isStale = await Promise.all(
    regions.map(async (region) => (await currentValue(emulator.secretsManager(region), Name!)) !== current),
  );
  return regions.filter((_, index) => isStale[index]);
}

async function currentValue(client: SecretsManagerClient, name: string): Promise<string> {
  return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString!;
}
