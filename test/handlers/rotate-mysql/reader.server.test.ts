import { MariadbServer } from '../../servers/mariadb-server';
import { MysqlPeer } from '../../servers/mysql-peer';
import { requireServer } from '../../servers/require-server';
import { MysqlBench } from '../support/mysql-bench';
import type { FunctionOptions } from '../support/rotation-environment';

/** What takes no password change: a replica, the reader of a cluster, or a server that is read-only for now. */
describe.each([
  { engine: 'mariadb', strategies: ['single', 'alternating'], servers: ['mariadb', 'secrets-manager'] },
  { engine: 'mysql', strategies: ['single', 'alternating', 'dualPassword'], servers: ['secrets-manager'] },
] as const)('$engine', ({ engine, strategies, servers }) => {
  requireServer(...servers)('a server that is read-only', () => {
    let bench: MysqlBench<MariadbServer | MysqlPeer>;

    beforeAll(async () => {
      bench = await MysqlBench.start(engine, async ({ good }) =>
        engine === 'mariadb' ? MariadbServer.start({ certificate: good }) : MysqlPeer.start(good),
      );
    });

    afterAll(() => bench.stop());

    const setReadOnly = async (readOnly: 0 | 1): Promise<void> => {
      if (bench.database instanceof MariadbServer) {
        await bench.database.query(`SET GLOBAL read_only = ${readOnly}`);
      } else {
        bench.database.accounts.readOnly = readOnly;
      }
    };

    test.each(['prove', ...strategies] as const)(
      '%s: fails with its own class, sends no change, and goes on as soon as it may',
      async (strategy) => {
        const app = { username: `app_${strategy}`, password: 'the first password' };
        await bench.database.createUser(app);
        const arn = await bench.rotations.createSecret(bench.content(app));
        const superuserSecret = await bench.createSuperuserSecret();
        const options: FunctionOptions =
          strategy === 'prove'
            ? { mode: 'prove' }
            : { mode: 'superuser', superuserSecret, bindings: [{ secret: arn, username: app.username, strategy }] };
        const rotating = bench.rotations.inProcess('rotate-mysql', { ...options, database: bench.facts });
        const said = bench.database.statements().length;
        await setReadOnly(1);
        await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({
          errorClass: 'readOnly',
          message: expect.stringContaining('it is a replica, or read-only for now'),
        });
        expect(bench.database.statements().slice(said)).not.toMatch(/ALTER|CREATE|GRANT .* TO|SET PASSWORD|DEFAULT ROLE/);
        expect(await bench.worksFor(app)).toBe(true);
        await setReadOnly(0);
        const rotation = await bench.rotations.pendingOf(arn);
        for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
          await bench.rotations.step(rotating, rotation, step);
        }
        expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
      },
    );
  });
});
