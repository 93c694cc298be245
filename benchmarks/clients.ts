import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { median, type Result, result } from './result';
import { CachedSecret } from '../handlers/secret-client';
import { APPLICATION, loginsDuringRotations, type SigningIn } from '../test/handlers/support/logins-during-rotations';
import { type Credentials, RotationBench } from '../test/handlers/support/rotation-bench';

const AT_ONCE = 100;
const READS = 200_000;
/** What Lambda's extension, and AWS's advice for Powertools, keep a value for. */
const FIVE_MINUTES = 300;

/** What is used of Powertools for AWS Lambda: installed below `clients/`, and for nothing but this. */
interface SecretsProvider {
  get(arn: string, options?: { maxAge?: number; transform?: 'json'; forceFetch?: boolean }): Promise<Credentials>;
}
interface PowertoolsParameters {
  readonly SecretsProvider: new(options: { awsSdkV3Client: SecretsManager }) => SecretsProvider;
}

interface MadeClient {
  /** What an application makes of it. */
  readonly signIn: SigningIn;
  read(): Promise<unknown>;
}

/** A way to read a secret. */
interface Client {
  readonly name: string;
  /** What ours promises: no failed login, and one call for all who read at once. */
  readonly isOurs?: boolean;
  /** Made anew for a secret, with nothing in hand. */
  make(source: SecretsManager, arn: string): MadeClient;
}

/**
 * Clients of Secrets Manager beside each other, on an emulator and a real PostgreSQL server: calls for a hundred cold reads at
 * once, a read of what is in hand, and logins over three rotations of a single user.
 */
export async function measureClients(rounds: number): Promise<Result[]> {
  const bench = await RotationBench.start({ version: 15 });
  const source = new SecretsManager({
    ...bench.secrets.connection(),
    endpoint: bench.guard.url,
    credentials: { accessKeyId: APPLICATION, secretAccessKey: 'none' },
  });
  try {
    const results: Result[] = [];
    for (const [index, client] of clients().entries()) {
      results.push(...await measureClient(bench, source, client, `user_${index}`, rounds));
    }
    return results;
  } finally {
    source.destroy();
    await bench.stop();
  }
}

async function measureClient(
  bench: RotationBench, source: SecretsManager, { name, isOurs, make }: Client, username: string, rounds: number,
): Promise<Result[]> {
  const arn = await bench.createSecret(bench.content({ username, password: 'x' }));
  const cold = make(source, arn);
  bench.guard.reset();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => cold.read()));
  const calls = bench.guard.count('GetSecretValue');
  const logins = await loginsDuringRotations(bench, username, (secret) => make(source, secret).signIn);
  return [
    result(`client, ${name}: API calls for ${AT_ONCE} cold reads at once`, calls, isOurs ? 1 : undefined),
    ...name === SDK ? [] : [result(`client, ${name}: a read of what is in hand, ns`, await nanoseconds(cold.read, rounds))],
    result(`client, ${name}: logins that failed, of ${logins.tried} in 3 rotations`, logins.failed, isOurs ? 0 : undefined),
    result(`client, ${name}: logins that the server refused meanwhile`, logins.refused),
    result(`client, ${name}: reads of the secret meanwhile`, logins.reads),
  ];
}

async function nanoseconds(read: () => Promise<unknown>, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = process.hrtime.bigint();
    for (let index = 0; index < READS; index++) {
      await read();
    }
    times.push(Number(process.hrtime.bigint() - startedAt) / READS);
  }
  return median(times);
}

const SDK = 'AWS SDK for each login';

function clients(): Client[] {
  const { SecretsProvider } = createRequire(join(__dirname, 'clients', 'package.json'))(
    '@aws-lambda-powertools/parameters/secrets',
  ) as PowertoolsParameters;
  const powertools = (name: string, maxAge: number | undefined, retries: boolean): Client => ({
    name,
    make: (source, arn) => {
      const provider = new SecretsProvider({ awsSdkV3Client: source });
      const read = async (forceFetch = false): Promise<Credentials> =>
        provider.get(arn, { transform: 'json', maxAge, forceFetch });
      return {
        read,
        signIn: async (connect) => {
          const credentials = await read();
          return retries
            ? connect(credentials).catch(async () => connect(await read(true)))
            : connect(credentials);
        },
      };
    },
  });
  return [
    {
      name: 'CachedSecret',
      isOurs: true,
      make: (source, arn) => {
        const secret = new CachedSecret({ secretId: arn, source });
        return {
          read: async () => secret.current(),
          signIn: async (connect) => secret.withValue(async (version) => connect(version.json<Credentials & object>())),
        };
      },
    },
    powertools('Powertools', undefined, false),
    powertools('Powertools, kept 5 minutes', FIVE_MINUTES, false),
    powertools('Powertools, kept 5 minutes, one retry', FIVE_MINUTES, true),
    {
      name: SDK,
      make: (source, arn) => {
        const read = async (): Promise<Credentials> =>
          JSON.parse((await source.getSecretValue({ SecretId: arn })).SecretString!) as Credentials;
        return { read, signIn: async (connect) => connect(await read()) };
      },
    },
  ];
}
