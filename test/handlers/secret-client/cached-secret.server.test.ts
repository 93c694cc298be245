import { GetSecretValueCommand, SecretsManager, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CachedSecret, type SecretVersion } from '../../../handlers/secret-client';
import { requireServer } from '../../servers/require-server';
import { APPLICATION, loginsDuringRotations } from '../support/logins-during-rotations';
import { type Credentials, RotationBench } from '../support/rotation-bench';

requireServer('secrets-manager', 'postgresql-15')('a secret of Secrets Manager', () => {
  let bench: RotationBench;
  let source: SecretsManager;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 15 });
    const connection = {
      ...bench.secrets.connection(),
      endpoint: bench.guard.url,
      credentials: { accessKeyId: APPLICATION, secretAccessKey: 'none' },
    };
    source = new SecretsManager(connection);
    client = bench.guard.client({ credentials: connection.credentials });
  });

  afterAll(async () => {
    source.destroy();
    client.destroy();
    await bench.stop();
  });

  beforeEach(() => bench.guard.reset());

  test('is read by one call for 100 who ask at once', async () => {
    const secret = new CachedSecret({ secretId: await bench.createSecret({ password: 'x' }), source });
    bench.guard.reset();
    const read = await Promise.all(
      Array.from({ length: 100 }, async () => secret.withValue((version) => version.field('password'))),
    );
    expect(read).toEqual(Array(100).fill('x'));
    expect(bench.actions()).toEqual(['GetSecretValue']);
  });

  test('is read by a client that has send() only, and by name', async () => {
    await bench.createSecret('by name', 'named');
    const secret = new CachedSecret({
      secretId: 'named',
      source: { getSecretValue: async (input, options) => client.send(new GetSecretValueCommand(input), options) },
    });
    expect((await secret.current()).text()).toBe('by name');
  });

  test('is read as bytes where it is binary', async () => {
    const secret = new CachedSecret({ secretId: await bench.createSecret(Buffer.from([0, 255])), source });
    expect([...(await secret.current()).bytes()]).toEqual([0, 255]);
  });

  test('is never the one that a rotation has not finished', async () => {
    const arn = await bench.createSecret('current');
    await bench.put(arn, 'pending', ['AWSPENDING']);
    expect((await new CachedSecret({ secretId: arn, source }).current()).text()).toBe('current');
  });

  test('gives the error of the SDK, once for all', async () => {
    bench.guard.reset();
    const secret = new CachedSecret({ secretId: 'missing', source });
    const outcomes = await Promise.allSettled([secret.current(), secret.current()]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).name))
      .toEqual(['ResourceNotFoundException', 'ResourceNotFoundException']);
    expect(bench.count()).toBe(1);
  });

  test('lets every login in over three rotations of a single user under load, where reading alone does not', async () => {
    const credentialsOf = (version: SecretVersion): Credentials => version.json<Credentials & object>();
    const following = await loginsDuringRotations(bench, 'following', (arn) => {
      const secret = new CachedSecret({ secretId: arn, source });
      return async (connect) => secret.withValue(async (version) => connect(credentialsOf(version)));
    });
    const reading = await loginsDuringRotations(bench, 'reading', (arn) => async (connect) => {
      const { SecretString } = await source.getSecretValue({ SecretId: arn });
      return connect(JSON.parse(SecretString!) as Credentials);
    });
    expect(following.failed).toBe(0);
    expect(following.tried).toBeGreaterThan(100);
    // The control: there was a time in which the password in the secret was refused, and each worker had it refused once at most.
    expect(following.refused).toBeGreaterThanOrEqual(3);
    expect(following.refused).toBeLessThanOrEqual(3 * 8);
    expect(reading.failed).toBeGreaterThan(10);
    expect(following.reads).toBeLessThan(40);
  });
});
