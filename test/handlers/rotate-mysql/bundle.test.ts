import { MariadbServer } from '../../servers/mariadb-server';
import { MysqlPeer } from '../../servers/mysql-peer';
import { requireServer } from '../../servers/require-server';
import { MysqlBench } from '../support/mysql-bench';

/** The bundle has parts of the driver only, and another table of encodings. */
describe.each([
  { engine: 'mariadb', servers: ['mariadb', 'secrets-manager', 'lambda-runtime'] },
  { engine: 'mysql', servers: ['secrets-manager', 'lambda-runtime'] },
] as const)('in the Lambda runtime, $engine', ({ engine, servers }) => {
  requireServer(...servers)('with a name and a password beyond ASCII', () => {
    let bench: MysqlBench;

    beforeAll(async () => {
      bench = engine === 'mariadb'
        ? await MysqlBench.start(engine, async ({ good }) => MariadbServer.start({ certificate: good }))
        : await MysqlBench.start(engine, async ({ good }) => MysqlPeer.start(good));
    }, 60_000);

    afterAll(() => bench.stop());

    test.each(['single', 'alternating'] as const)('rotates three times: %s', async (strategy) => {
      const app = { username: `${strategy} ünï`, password: 'pässwörd ключ' };
      await bench.database.createUser(app);
      const arn = await bench.rotations.createSecret(bench.content(app));
      const proving = await bench.rotations.inLambda('rotate-mysql', { mode: 'prove', database: bench.facts });
      await bench.rotations.rotate(proving, arn);
      const rotating = await bench.rotations.inLambda('rotate-mysql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSuperuserSecret(),
        bindings: [{ secret: arn, username: app.username, strategy }],
      });
      await bench.rotations.rotate(rotating, arn);
      await bench.rotations.rotate(rotating, arn);
      expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
    }, 30_000);

    test('says why a login is refused', async () => {
      const arn = await bench.rotations.createSecret(bench.content({ username: 'nobody', password: 'x' }));
      const rotating = await bench.rotations.inLambda('rotate-mysql', { mode: 'prove', database: bench.facts });
      await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({ reported: { errorMessage: expect.stringMatching(/^authentication: .*\(1045\)$/) } });
    }, 30_000);
  });
});
