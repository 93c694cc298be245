import { handler as regenerate } from '../../handlers/regenerate/index';
import { handler as rotateCacheUser } from '../../handlers/rotate-cache-user/index';
import { handler as rotateDocumentdb } from '../../handlers/rotate-documentdb/index';
import { handler as rotateIamAccessKey } from '../../handlers/rotate-iam-access-key/index';
import { handler as rotateLdap } from '../../handlers/rotate-ldap/index';
import { handler as rotateMysql } from '../../handlers/rotate-mysql/index';
import { handler as rotateOracle } from '../../handlers/rotate-oracle/index';
import { handler as rotatePostgresql } from '../../handlers/rotate-postgresql/index';
import { handler as rotateRedis } from '../../handlers/rotate-redis/index';
import { handler as rotateRedshift } from '../../handlers/rotate-redshift/index';
import { handler as rotateSqlserver } from '../../handlers/rotate-sqlserver/index';
import { requireServer } from '../servers/require-server';
import { RotationBench } from './support/rotation-bench';
import { rotationEnvironment } from './support/rotation-environment';
import { FUNCTION_ARN } from './support/rotation-function';

/** The entries as Lambda loads them: from the process's environment, onto its console. */
requireServer('secrets-manager')('the entry of', () => {
  let bench: RotationBench;
  const former = { ...process.env };
  const context = { invokedFunctionArn: FUNCTION_ARN, getRemainingTimeInMillis: () => 10_000 };

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterEach(() => {
    Object.keys(process.env).filter((name) => !(name in former)).forEach((name) => delete process.env[name]);
    Object.assign(process.env, former);
  });

  afterAll(() => bench.stop());

  test('regenerate', async () => {
    const arn = await bench.createSecret('first');
    Object.assign(
      process.env,
      rotationEnvironment(bench.guard, { bindings: [{ secret: arn, password: { length: 20, excludeCharacters: '' } }] }),
    );
    const lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await regenerate(bench.event(await bench.begin(arn), 'createSecret'), context);
    expect(JSON.parse(lines.mock.calls[0][0] as string)).toMatchObject({ secret: arn, step: 'createSecret', outcome: 'done' });
    lines.mockRestore();
  });

  test.each([
    ['rotate-postgresql, in an incomplete environment', rotatePostgresql, undefined, 'ROTATION_DATABASE'],
    ['rotate-postgresql, in one of another engine', rotatePostgresql, 'mysql', 'another engine'],
    ['rotate-cache-user, in an incomplete environment', rotateCacheUser, undefined, 'ROTATION_CACHE'],
    ['rotate-iam-access-key, in an incomplete environment', rotateIamAccessKey, undefined, 'ROTATION_BINDINGS'],
    ['rotate-oracle, in an incomplete environment', rotateOracle, undefined, 'ROTATION_DATABASE'],
    ['rotate-oracle, in one of another engine', rotateOracle, 'mysql', 'another engine'],
    ['rotate-documentdb, in an incomplete environment', rotateDocumentdb, undefined, 'ROTATION_DATABASE'],
    ['rotate-documentdb, in one of another engine', rotateDocumentdb, 'postgres', 'another engine'],
    ['rotate-mysql, in an incomplete environment', rotateMysql, undefined, 'ROTATION_DATABASE'],
    ['rotate-mysql, in one of another engine', rotateMysql, 'postgres', 'another engine'],
    ['rotate-ldap, in an incomplete environment', rotateLdap, undefined, 'ROTATION_DATABASE'],
    ['rotate-ldap, in one of another engine', rotateLdap, 'postgres', 'another engine'],
    ['rotate-redis, in an incomplete environment', rotateRedis, undefined, 'ROTATION_DATABASE'],
    ['rotate-redis, in one of another engine', rotateRedis, 'postgres', 'another engine'],
    ['rotate-redshift, in an incomplete environment', rotateRedshift, undefined, 'ROTATION_DATABASE'],
    ['rotate-redshift, in one of another engine', rotateRedshift, 'postgres', 'another engine'],
    ['rotate-sqlserver, in an incomplete environment', rotateSqlserver, undefined, 'ROTATION_DATABASE'],
    ['rotate-sqlserver, in one of another engine', rotateSqlserver, 'mysql', 'another engine'],
  ] as const)(
    '%s', async (_, handler, engine, message) => {
      const database = engine === undefined ? undefined : { engine, host: 'localhost', port: 1 };
      Object.assign(process.env, rotationEnvironment(bench.guard, { mode: 'prove', database }));
      const lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
      const rotation = await bench.begin(await bench.createSecret('first'));
      await expect(handler(bench.event(rotation, 'createSecret'), context)).rejects.toThrow(message);
      expect(JSON.parse(lines.mock.calls[0][0] as string)).toMatchObject({ outcome: 'failed', errorClass: 'configuration' });
      lines.mockRestore();
    });
});
