import type { UserBinding } from '../../../src/contract/database-facts';
import { requireServer } from '../../servers/require-server';
import { describeSuperuser } from '../scenarios/superuser';
import type { Credentials } from '../support/bench';
import { RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

requireServer('postgresql-18', 'secrets-manager')('rotation with the credentials of a superuser', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { log_connections: 'on', log_statement: 'all' } });
  });

  afterAll(() => bench.stop());

  describeSuperuser(() => bench);

  describe('on PostgreSQL', () => {
    let serial = 0;
    let app: Credentials;
    let arn: string;
    let superuserSecret: string;

    const rotatingWith = (strategy: UserBinding['strategy']): FunctionInProcess => bench.inProcess('rotate-postgresql', {
      mode: 'superuser', database: bench.facts, superuserSecret, bindings: [{ secret: arn, username: app.username, strategy }],
    });

    beforeEach(async () => {
      app = { username: `app${serial++}`, password: 'the first password' };
      await bench.createUser(app);
      arn = await bench.createSecret(bench.content(app));
      superuserSecret = await bench.createSuperuserSecret();
    });

    test('superusers are not touched, nor whoever has the rights of Amazon RDS to be one', async () => {
      await bench.database.query(`ALTER ROLE "${app.username}" SUPERUSER`);
      for (const strategy of ['single', 'alternating'] as const) {
        await expect(bench.rotate(rotatingWith(strategy), arn)).rejects.toThrow('a superuser of the server');
        await bench.abandon(await bench.pendingOf(arn));
      }
      await bench.database.query(`ALTER ROLE "${app.username}" NOSUPERUSER; CREATE ROLE rds_superuser; CREATE ROLE operators; `
        + 'GRANT rds_superuser TO operators');
      await bench.database.query(`GRANT operators TO "${app.username}"`);
      await expect(bench.rotate(rotatingWith('single'), arn)).rejects.toThrow('a superuser of the server');
      await bench.database.query('DROP ROLE rds_superuser');
      expect(await bench.worksFor(app)).toBe(true);
    });

    describe('an alternate user that somebody has made', () => {
      const exists = async (more: string[], grant = true): Promise<void> => {
        const clone = `"${app.username}_clone"`;
        await bench.database.query(`CREATE ROLE ${clone} LOGIN PASSWORD 'known to the attacker'`);
        if (grant) {
          await bench.database.query(`GRANT "${app.username}" TO ${clone}; ALTER ROLE ${clone} SET role = '${app.username}'`);
        }
        for (const statement of more) {
          await bench.database.query(statement.replaceAll('CLONE', clone));
        }
      };

      test('is taken over when it is a clone in every respect', async () => {
        await exists([]);
        await bench.rotate(rotatingWith('alternating'), arn);
        expect(await bench.worksFor({ username: `${app.username}_clone`, password: 'known to the attacker' })).toBe(false);
      });

      test.each([
        ['a superuser of the server', ['ALTER ROLE CLONE SUPERUSER']],
        ['attributes', ['ALTER ROLE CLONE CREATEROLE']],
        ['attributes', ['ALTER ROLE CLONE CREATEDB']],
        ['attributes', ['ALTER ROLE CLONE REPLICATION']],
        ['attributes', ['ALTER ROLE CLONE BYPASSRLS']],
        ['member', ['GRANT pg_read_all_data TO CLONE']],
        ['setting', ['ALTER ROLE CLONE RESET role']],
        ['setting', ['ALTER ROLE CLONE SET role = \'pg_monitor\'']],
        ['setting', ['ALTER ROLE CLONE IN DATABASE postgres SET role = \'pg_monitor\'']],
        ['owns', ['CREATE SCHEMA IF NOT EXISTS CLONE AUTHORIZATION CLONE']],
      ])('is refused for its %s: %j', async (reason, statements) => {
        await exists(statements);
        await expect(bench.rotate(rotatingWith('alternating'), arn)).rejects.toThrow(reason);
        expect(await bench.worksFor({ username: `${app.username}_clone`, password: 'known to the attacker' })).toBe(true);
        expect(await bench.credentials(arn)).toMatchObject(app);
      });

      test('is refused when it is no member of its base', async () => {
        await exists([], false);
        await expect(bench.rotate(rotatingWith('alternating'), arn)).rejects.toThrow('not a member of exactly its base');
      });

      test('is refused by the test when it cannot act as its base', async () => {
        await exists([`REVOKE SET OPTION FOR "${app.username}" FROM CLONE`]);
        await expect(bench.rotate(rotatingWith('alternating'), arn)).rejects.toThrow('does not act as its base');
        expect(await bench.credentials(arn)).toMatchObject(app);
      });
    });
  });
});
