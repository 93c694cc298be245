import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Environment } from '../../src/contract/environment';
import { HelloReader, NamedGroup } from '../servers/client-hello';
import { Installation } from '../servers/installation';
import { requireServer } from '../servers/require-server';
import { RotationBench } from './support/rotation-bench';

const ROOT = path.resolve(__dirname, '../..');
const ASSETS = path.join(ROOT, 'assets');
const NAMES = [
  'regenerate', 'rotate-cache-user', 'rotate-documentdb', 'rotate-iam-access-key', 'rotate-ldap',
  'rotate-mysql', 'rotate-oracle', 'rotate-postgresql', 'rotate-redis', 'rotate-redshift', 'rotate-sqlserver', 'rotation-runtime',
  'secret-client',
];

requireServer('lambda-runtime')('on its own', () => {
  test.each(NAMES)('%s loads, without what it does not need', (name) => {
    const script = `
      require(${JSON.stringify(path.join(ASSETS, name, 'index.js'))});
      console.log(process.moduleLoadList.some((module) => module.includes('undici')));`;
    expect(spawnSync(Installation.node24, ['-e', script], { encoding: 'utf8', cwd: tmpdir(), env: {} }).stdout.trim())
      .toBe('false');
  });
});

requireServer('postgresql-18', 'secrets-manager', 'lambda-runtime')('in the Lambda runtime', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { log_connections: 'on' } });
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.guard.reset());

  test('rotates three times, with eight calls and two logins each, deaf to a hostile environment', async () => {
    const app = { username: 'app', password: 'the first password' };
    await bench.createUser(app);
    const arn = await bench.createSecret({ ...bench.content(app), big: '<12345678901234567890>' });
    const variables = {
      PGHOST: 'elsewhere.example',
      PGPORT: '1',
      PGUSER: 'postgres',
      PGPASSWORD: 'x',
      PGOPTIONS: '-c nonsense=1',
      PGSSLMODE: 'disable',
      PGREPLICATION: 'true',
      PGSSLNEGOTIATION: 'direct',
      PGSERVICEFILE: '/dev/null',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:1',
      HTTP_PROXY: 'http://127.0.0.1:1',
      HTTPS_PROXY: 'http://127.0.0.1:1',
      NODE_USE_ENV_PROXY: '1',
    };
    const rotating = await bench.inLambda('rotate-postgresql', { mode: 'prove', database: bench.facts, variables });
    for (let rotation = 0; rotation < 3; rotation++) {
      const logins = bench.logins();
      bench.guard.calls.length = 0;
      const { token } = await bench.rotate(rotating, arn);
      expect([bench.guard.count(), bench.logins() - logins]).toEqual([8, 2]);
      expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
    }
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    expect(rotating.output().trim().split('\n').filter((line) => line.startsWith('{'))).toHaveLength(12);
  });

  test('keeps numbers that JavaScript cannot hold', async () => {
    const arn = await bench.createSecret('{"number":12345678901234567890,"key":"x"}');
    const rotating = await bench.inLambda('regenerate', {
      bindings: [{ secret: arn, field: 'key', password: { length: 20, excludeCharacters: '"\\' } }],
    });
    await bench.rotate(rotating, arn);
    expect(await bench.value(arn)).toMatch(/^\{"number":12345678901234567890,"key":".{20}"\}$/);
  });

  test('takes such a number for no JSON object', async () => {
    const arn = await bench.createSecret('12345678901234567890');
    const rotating = await bench.inLambda('regenerate', {
      bindings: [{ secret: arn, field: 'key', password: { length: 20, excludeCharacters: '"\\' } }],
    });
    await expect(bench.rotate(rotating, arn))
      .rejects.toMatchObject({ reported: { errorMessage: 'configuration: AWSCURRENT is not a JSON object' } });
  });

  test('ends before Lambda ends it, and says why', async () => {
    const app = { username: 'slow', password: 'the first password' };
    await bench.createUser(app);
    const arn = await bench.createSecret(bench.content(app));
    const rotating = await bench.inLambda('rotate-postgresql', { mode: 'prove', database: bench.facts }, 3);
    const rotation = await bench.begin(arn);
    await bench.step(rotating, rotation, 'createSecret');
    bench.database.pause();
    const failed = bench.step(rotating, rotation, 'setSecret');
    await expect(failed)
      .rejects.toMatchObject({ reported: { errorType: 'RotationError', errorMessage: expect.stringMatching(/^timeout: /) } });
    bench.database.resume();
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      await bench.step(rotating, rotation, step);
    }
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('a rotation that one process began is finished by another', async () => {
    const app = { username: 'handed_over', password: 'the first password' };
    await bench.createUser(app);
    const arn = await bench.createSecret(bench.content(app));
    const rotation = await bench.begin(arn);
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      await bench.step(await bench.inLambda('rotate-postgresql', { mode: 'prove', database: bench.facts }), rotation, step);
    }
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('requests to Secrets Manager offer X25519MLKEM768 first', async () => {
    const reader = await HelloReader.start();
    const variables = { [Environment.ENDPOINT]: `https://localhost:${reader.port}` };
    const rotating = await bench.inLambda('regenerate', { bindings: [], variables }, 3);
    const rotation = await bench.begin(await bench.createSecret('the first value'));
    const failed = expect(bench.step(rotating, rotation, 'createSecret')).rejects.toThrow('network');
    const { supported, shared } = await reader.offered;
    expect(supported[0]).toBe(NamedGroup.X25519MLKEM768);
    expect(shared).toEqual([NamedGroup.X25519MLKEM768, NamedGroup.X25519]);
    await failed;
    reader.stop();
  });
});
