import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import { createCertificates } from '../../servers/certificates';
import { PostgreSqlServer } from '../../servers/postgresql-server';
import { requireServer } from '../../servers/require-server';

const { good, authority } = createCertificates();

requireServer('postgresql-18')('what the settings and the triggers of a server do to a user', () => {
  let server: PostgreSqlServer;
  let serial = 0;

  const change = async (username: string): Promise<void> => {
    const { host, port } = server;
    const database = { engine: 'postgres', host, port, certificateAuthorities: authority.certificate, databaseName: 'guarded' };
    const session = await new PostgresqlTarget({ region: 'eu-west-1', database })
      .signIn({ username, password: 'first' }, new Deadline(systemClock, 120_000));
    await session.changeOwnPassword({ password: 'first', token: 't' }).finally(async () => session.close());
  };

  beforeAll(async () => {
    server = await PostgreSqlServer.start({ version: 18, certificate: good });
    await server.query('CREATE DATABASE guarded');
  });

  afterAll(async () => server.stop());

  test.each([
    ['58P01', 'configuration', 'local_preload_libraries', "ALTER ROLE APP SET local_preload_libraries = 'missing'",
      'ALTER ROLE APP RESET local_preload_libraries'],
    ['25P04', 'configuration', 'transaction_timeout', "ALTER ROLE APP SET transaction_timeout = '1ms'",
      "ALTER ROLE APP SET transaction_timeout = '1min'"],
    ['P0001', 'configuration', 'EVENT TRIGGER', "RAISE EXCEPTION 'no'", 'ALTER EVENT TRIGGER guard DISABLE'],
    ['42501', 'configuration', 'EVENT TRIGGER', 'PERFORM FROM pg_authid', 'ALTER EVENT TRIGGER guard DISABLE'],
  ])('%s is %s: what the error advises helps', async (code, errorClass, advice, obstacle, remedy) => {
    const app = `app${serial++}`;
    await server.query(`CREATE ROLE ${app} LOGIN PASSWORD 'first'`);
    const run = async (sql: string): Promise<unknown> => server.query(sql.replaceAll('APP', app), undefined, 'guarded');
    await (obstacle.startsWith('ALTER') ? run(obstacle) : run(`
      CREATE OR REPLACE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
        IF session_user = 'APP' THEN ${obstacle}; END IF; END $$;
      DROP EVENT TRIGGER IF EXISTS guard; CREATE EVENT TRIGGER guard ON login EXECUTE FUNCTION guard()`));
    await expect(change(app))
      .rejects.toMatchObject({ errorClass, code, message: expect.stringContaining(advice) as string });
    await run(remedy);
    await change(app);
  });
});
