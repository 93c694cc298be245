import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { CachedSecret, type SecretVersion } from '../../../handlers/secret-client';

/** Signs in with a version of the secret. */
export type SigningIn = (version: SecretVersion) => Promise<void>;

/** An application as it reads its secret. */
export interface Application {
  /** Signs in, and gives the id of the version that it got in with. */
  signIn(connect: SigningIn): Promise<string>;
  /** New processes take the place of those that run. Absent where nothing has it start again. */
  startAgain?(): Promise<void>;
}

export const WAYS_OF_READING = ['read at the start', 'cache', 'cache and retry', 'onRotated'] as const;

export type WayOfReading = typeof WAYS_OF_READING[number];

/** How secrets are read. */
export interface ReadingOptions {
  readonly source: SecretsManager;
  /** Milliseconds for which a cache keeps a value, at most. */
  readonly keepMilliseconds: number;
  /** Milliseconds for which the client waits for the next version. @default that of the client */
  readonly waitForNextMilliseconds?: number;
}

/** One application for each way of reading, running. */
export async function startApplications(
  secretId: string, { source, keepMilliseconds, waitForNextMilliseconds }: ReadingOptions,
): Promise<Map<WayOfReading, Application>> {
  const kept = { secretId, source, refreshAfterMilliseconds: keepMilliseconds, staleForMilliseconds: 0 };
  const cache = new CachedSecret(kept);
  const following = new CachedSecret({ ...kept, waitForNextMilliseconds });
  const { signIn } = await readAtTheStart(secretId, source);
  return new Map<WayOfReading, Application>([
    ['read at the start', { signIn }],
    ['cache', { signIn: async (connect) => signInWith(await cache.current(), connect) }],
    ['cache and retry', { signIn: async (connect) => following.withValue(async (version) => signInWith(version, connect)) }],
    ['onRotated', await readAtTheStart(secretId, source)],
  ]);
}

async function readAtTheStart(secretId: string, source: SecretsManager): Promise<Required<Application>> {
  const read = async (): Promise<SecretVersion> => new CachedSecret({ secretId, source }).current();
  let version = await read();
  return {
    signIn: async (connect) => signInWith(version, connect),
    startAgain: async () => {
      version = await read();
    },
  };
}

async function signInWith(version: SecretVersion, connect: SigningIn): Promise<string> {
  await connect(version);
  return version.versionId;
}
