import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeSecretCommand, GetSecretValueCommand, RotateSecretCommand, type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** A first rotation has to wait for its function's role, and for the alias of the key. */
const LIMIT = 15 * 60_000;
const PAUSE = 5_000;

/** The version that is current once no rotation is in progress and it is not the one that was. */
async function nextVersion(
  client: SecretsManagerClient, arn: string, before: string | undefined, limit: number,
): Promise<string> {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(Math.min(PAUSE, limit / 10))) {
    const { VersionIdsToStages = {}, LastRotatedDate } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    const [current] = Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes('AWSCURRENT')) ?? [];
    const isRotating = Object.entries(VersionIdsToStages).some(([id, labels]) => id !== current && labels.includes('AWSPENDING'));
    if (current !== undefined && current !== before && LastRotatedDate !== undefined && !isRotating) {
      return current;
    }
  }
  throw new Error(`no rotation has come to an end within ${limit / 1000} s: the log of the function says why`);
}

/**
 * Waits for the rotation that a deployment begins, and has another one done.
 *
 * @throws Error if one does not end, or leaves the value as it was
 */
export async function expectRotations(client: SecretsManagerClient, arn: string, limit = LIMIT): Promise<void> {
  const first = await nextVersion(client, arn, undefined, limit);
  const value = async (): Promise<unknown> =>
    (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
  const before = await value();
  await client.send(new RotateSecretCommand({ SecretId: arn }));
  await nextVersion(client, arn, first, limit);
  if (await value() === before) {
    throw new Error('the rotation has left the value as it was');
  }
}
