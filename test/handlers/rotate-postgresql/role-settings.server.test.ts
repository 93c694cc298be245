import { requireServer } from '../../servers/require-server';
import { until } from '../../servers/until';
import { type Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const SETTINGS = `SELECT COALESCE(d.datname, '') AS database, line FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase,
  unnest(s.setconfig) AS line WHERE s.setrole = $1::regrole AND line NOT LIKE 'role=%' ORDER BY 1, 2`;
const OTHER_DATABASE = 'data "base"';

describe.each([15, 18] as const)('PostgreSQL %d: an alternate user', (version) => {
  requireServer(`postgresql-${version}`, 'secrets-manager')('and the settings of its base', () => {
    let bench: RotationBench;
    let serial = 0;
    let app: Credentials;
    let clone: string;
    let arn: string;
    let rotating: FunctionInProcess;

    const alternating = async (superuser?: Credentials): Promise<FunctionInProcess> => bench.inProcess('rotate-postgresql', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret: superuser ? await bench.createSecret(superuser) : await bench.createSuperuserSecret(),
      bindings: [{ secret: arn, username: app.username, strategy: 'alternating' }],
    });
    const alter = async (role: string, ...changes: string[]): Promise<void> => {
      for (const change of changes) {
        await bench.database.query(`ALTER ROLE ${role} ${change}`);
      }
    };
    const settingsOf = async (role: string): Promise<unknown[]> => bench.database.query(SETTINGS, [role]);
    const limitsOf = async (role: string): Promise<unknown> =>
      (
        await bench.database.query('SELECT rolvaliduntil AS until, rolconnlimit AS limit FROM pg_roles WHERE rolname = $1', [
          role,
        ])
      )[0];

    beforeAll(async () => {
      bench = await RotationBench.start({ version });
      await bench.database.query(`CREATE DATABASE "${OTHER_DATABASE.replaceAll('"', '""')}"`);
    });

    afterAll(() => bench.stop());

    beforeEach(async () => {
      app = { username: `settings${serial++}`, password: 'the first password' };
      clone = `${app.username}_clone`;
      await bench.createUser(app);
      arn = await bench.createSecret(bench.content(app));
      rotating = await alternating();
    });

    test('gets them all, whatever characters they have', async () => {
      await alter(
        app.username, 'SET search_path TO "$user", \'Q\'\'uo"te\', \'com, ma\', \'  \', \'back\\slash\', public, "UPPER"',
        'SET statement_timeout = \'7s\'',
        'SET DateStyle = \'SQL, DMY\'', 'SET temp_tablespaces = \'\'', 'SET "my.Own" TO \'it\'\'s, "a" \\ = b\'',
        'SET application_name = \'a=b\'', 'SET log_statement = \'all\'',
        `IN DATABASE "${OTHER_DATABASE.replaceAll('"', '""')}" SET search_path TO 'elsewhere'`,
        'IN DATABASE postgres SET TimeZone = \'Asia/Kolkata\'',
        'VALID UNTIL \'2095-12-31 23:59:59+05:30\'', 'CONNECTION LIMIT 7',
      );
      await bench.database.query(`CREATE SCHEMA "Q'uo""te" AUTHORIZATION ${app.username}`);
      await bench.as(app, 'CREATE TABLE things (id int)');
      await bench.rotate(rotating, arn);
      expect(await settingsOf(app.username)).toHaveLength(9);
      expect(await settingsOf(clone)).toEqual(await settingsOf(app.username));
      expect(await limitsOf(clone)).toEqual({ until: new Date('2095-12-31T18:29:59Z'), limit: 7 });
      const current = await bench.credentials(arn);
      expect(current.username).toBe(clone);
      expect(await bench.as(current, 'SELECT FROM things')).toEqual([]);
      expect(await bench.as(current, 'SELECT current_setting(\'my.Own\') AS own, current_user::text AS "user"'))
        .toEqual([{ own: 'it\'s, "a" \\ = b', user: app.username }]);
    });

    test('has the effect of a list that was taken from a session, where names without quotes are of lower case', async () => {
      await bench.database.query(`CREATE SCHEMA IF NOT EXISTS foo; GRANT USAGE ON SCHEMA foo TO ${app.username};
        SELECT set_config('search_path', 'Foo, "Foo", PG_catalog', false); ALTER ROLE ${app.username} SET search_path FROM CURRENT`);
      await bench.rotate(rotating, arn);
      const schemas = 'SELECT current_schemas(false)::text AS schemas';
      expect(await bench.as(app, schemas)).toEqual([{ schemas: '{foo,pg_catalog}' }]);
      expect(await bench.as(await bench.credentials(arn), schemas)).toEqual([{ schemas: '{foo,pg_catalog}' }]);
    });

    test('gets them anew each time that it is its turn, and loses its own', async () => {
      await alter(app.username, 'SET statement_timeout = 1000', 'SET lock_timeout = 1000', 'VALID UNTIL \'2095-01-01\'');
      await bench.rotate(rotating, arn);
      await bench.rotate(rotating, arn);
      await alter(
        app.username,
        'SET statement_timeout = 2000',
        'RESET lock_timeout',
        "VALID UNTIL 'infinity'",
        'CONNECTION LIMIT 3',
      );
      await alter(
        clone,
        "SET search_path = 'hostile'",
        "IN DATABASE postgres SET search_path = 'hostile'",
        "SET log_statement = 'all'",
      );
      await bench.rotate(rotating, arn);
      expect(await settingsOf(clone)).toEqual([{ database: '', line: 'statement_timeout=2000' }]);
      expect(await limitsOf(clone)).toEqual({ until: Infinity, limit: 3 });
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    });

    test.each(['SET', 'IN DATABASE postgres SET'])('is not made for a base whose sessions act as another role: '
      + '%s', async (set) => {
      await alter(app.username, `${set} role = 'pg_monitor'`);
      await expect(bench.rotate(rotating, arn))
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('single user') });
      expect(await limitsOf(clone)).toBeUndefined();
    });

    test('an administrator that is no superuser copies what it may, and is told of the rest before anything has '
      + 'changed', async () => {
      const admin = { username: `admin${serial++}`, password: 'x' };
      await bench.createUser(admin, 'CREATEROLE');
      await bench.database.query(`GRANT ${app.username} TO ${admin.username} WITH ADMIN OPTION`);
      await alter(app.username, 'SET work_mem = \'8MB\'', 'SET log_statement = \'all\'');
      rotating = await alternating(admin);
      await expect(bench.rotate(rotating, arn)).rejects.toMatchObject({
        errorClass: 'configuration',
        code: '42501',
        message: expect.stringContaining('GRANT SET ON PARAMETER'),
      });
      expect(await limitsOf(clone)).toBeUndefined();
      await bench.abandon(await bench.pendingOf(arn));
      await bench.database.query(`GRANT SET ON PARAMETER log_statement TO ${admin.username}`);
      await bench.rotate(rotating, arn);
      expect(await settingsOf(clone))
        .toEqual([{ database: '', line: 'log_statement=all' }, { database: '', line: 'work_mem=8MB' }]);
    });

    test('a setting that the server no longer knows', async () => {
      await bench.database.query(`ALTER ROLE ${app.username} SET work_mem = '8MB'`);
      await bench.database.query(
        `UPDATE pg_db_role_setting SET setconfig = '{no_longer=1}' WHERE setrole = '${app.username}'::regrole`,
      );
      await expect(bench.rotate(rotating, arn)).rejects.toMatchObject({
        errorClass: 'configuration',
        code: '42704',
        message: expect.stringContaining('does not take a setting'),
      });
      expect(await limitsOf(clone)).toBeUndefined();
    });

    test('a setting of the alternate user that somebody else changes meanwhile', async () => {
      await bench.rotate(rotating, arn);
      await bench.rotate(rotating, arn);
      await alter(app.username, 'SET work_mem = \'8MB\'');
      const rotation = await bench.begin(arn);
      await bench.step(rotating, rotation, 'createSecret');
      const other = bench.database.query(`BEGIN; ALTER ROLE ${clone} SET work_mem = '9MB'; SELECT pg_sleep(3); COMMIT`);
      await until(
        async () => (await bench.database.query("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length === 1,
        5_000,
      );
      await expect(bench.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'conflict', code: 'XX000' });
      await other;
      await bench.step(rotating, rotation, 'setSecret');
      expect(await settingsOf(clone)).toEqual([{ database: '', line: 'work_mem=8MB' }]);
    });
  });
});
