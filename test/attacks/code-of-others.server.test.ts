import { MysqlBench } from '../handlers/support/mysql-bench';
import { type Credentials, RotationBench } from '../handlers/support/rotation-bench';
import { MariadbServer } from '../servers/mariadb-server';
import { requireServer } from '../servers/require-server';

const OWNER: Credentials = { username: 'owner', password: 'the password of the owner' };
const APP: Credentials = { username: 'app', password: 'the first password' };

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`, 'secrets-manager')('in the database to which the superuser signs in', () => {
    let bench: RotationBench;

    beforeAll(async () => {
      bench = await RotationBench.start({ version });
      await bench.createUser(OWNER);
      await bench.createUser(APP);
      await bench.database.query(`ALTER DATABASE postgres OWNER TO ${OWNER.username}`);
      await bench.database.query(`ALTER SCHEMA public OWNER TO ${OWNER.username}`);
    });

    afterAll(() => bench.stop());

    test.each(['ddl_command_start', ...version >= 17 ? ['login'] : []])(
      'its owner may not leave a trigger that runs with the rights of whoever comes: %s',
      async (event) => {
        await bench.as(OWNER, `CREATE OR REPLACE FUNCTION public.take() RETURNS event_trigger LANGUAGE plpgsql
          AS 'BEGIN ALTER ROLE ${OWNER.username} SUPERUSER; END'`);
        await expect(bench.as(OWNER, `CREATE EVENT TRIGGER take ON ${event} EXECUTE FUNCTION public.take()`))
          .rejects.toMatchObject({ code: '42501' });
      },
    );

    test.each(['single', 'alternating'] as const)('a rotation fires no trigger at all: %s', async (strategy) => {
      const fired = async (): Promise<unknown[]> => bench.database.query('SELECT tag FROM public.fired');
      await bench.database.query('CREATE TABLE public.fired (tag text)');
      await bench.database.query(`CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql
        AS 'BEGIN INSERT INTO public.fired VALUES (tg_tag); END'`);
      await bench.database.query('CREATE EVENT TRIGGER note ON ddl_command_start EXECUTE FUNCTION public.note()');
      try {
        await bench.database.query('CREATE TABLE public.witness ()');
        await bench.setPassword(APP.username, APP.password);
        const arn = await bench.createSecret(bench.content(APP));
        await bench.rotate(bench.inProcess('rotate-postgresql', {
          mode: 'superuser',
          database: bench.facts,
          superuserSecret: await bench.createSuperuserSecret(),
          bindings: [{ secret: arn, username: APP.username, strategy }],
        }), arn);
        expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
        expect(await fired()).toEqual([{ tag: 'CREATE TABLE' }]);
      } finally {
        await bench.database.query('DROP EVENT TRIGGER note');
        await bench.database.query('DROP FUNCTION public.note; DROP TABLE public.fired, public.witness');
      }
    });
  });
});

requireServer('mariadb', 'secrets-manager')('MariaDB: who has every right in a database', () => {
  let bench: MysqlBench<MariadbServer>;

  beforeAll(async () => {
    bench = await MysqlBench.start('mariadb', async ({ good }) => MariadbServer.start({ certificate: good }));
    await bench.createUser(OWNER);
    await bench.database.query('CREATE DATABASE owned');
    await bench.database.query("GRANT ALL ON owned.* TO owner@'%' WITH GRANT OPTION");
  });

  afterAll(() => bench.stop());

  test('may not have a statement run at the login of others', async () => {
    await expect(bench.as(OWNER, "SET GLOBAL init_connect = 'SELECT 1'")).rejects.toMatchObject({ errno: 1227 });
  });

  test('may not leave a trigger where accounts are, nor may anybody', async () => {
    const trigger = 'CREATE TRIGGER mysql.take BEFORE UPDATE ON mysql.global_priv FOR EACH ROW SET @taken = 1';
    await expect(bench.as(OWNER, trigger)).rejects.toMatchObject({ errno: 1465 });
    await expect(bench.database.query(trigger)).rejects.toMatchObject({ errno: 1465 });
  });
});
