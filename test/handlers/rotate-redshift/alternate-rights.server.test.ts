import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { requireServer } from '../../servers/require-server';
import { RedshiftBench } from '../support/redshift-bench';

requireServer('postgresql-15', 'secrets-manager')('the rights of an alternate user', () => {
  let bench: RedshiftBench;
  const sql = async (text: string): Promise<Record<string, unknown>[]> => bench.database.database.query(text);
  const rotate = async (base: string): Promise<string[]> => {
    const before = bench.database.statements.length;
    const session = await bench.target.signIn(bench.database.superuser, new Deadline(systemClock, 60_000));
    await session.changeAlternate({ base, username: `${base}_clone`, password: 'New1password', token: 'x' })
      .finally(async () => session.close());
    return bench.database.statements.slice(before).filter((text) => /^(BEGIN|GRANT|REVOKE)/.test(text));
  };

  beforeAll(async () => {
    bench = await RedshiftBench.start();
    await sql(`CREATE SCHEMA work; CREATE TABLE work.read (id int, secret int); CREATE TABLE work.other (id int);
      CREATE FUNCTION work.one(int, varchar) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION work.one(int, varchar) FROM PUBLIC;
      CREATE PROCEDURE work.two() LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON PROCEDURE work.two() FROM PUBLIC;
      CREATE ROLE readers; CREATE ROLE helpers; INSERT INTO redshift.roles VALUES ('helpers'); CREATE ROLE owner LOGIN; GRANT CREATE ON SCHEMA work TO owner`);
  });

  afterAll(() => bench.stop());

  afterEach(() => {
    bench.database.before = undefined;
  });

  test('are those of its base in each rotation, and a repetition changes nothing', async () => {
    await bench.database.createUser({ username: 'app', password: 'First1password' }, 'CONNECTION LIMIT 7');
    await sql(`GRANT USAGE ON SCHEMA work TO app; GRANT SELECT ON work.read TO app WITH GRANT OPTION; GRANT UPDATE (id) ON work.other TO app;
      GRANT EXECUTE ON FUNCTION work.one(int, varchar) TO app; GRANT EXECUTE ON PROCEDURE work.two() TO app; GRANT CREATE ON DATABASE postgres TO app;
      GRANT readers TO app; GRANT helpers TO app WITH ADMIN OPTION; INSERT INTO redshift.shares VALUES ('shared one', 'app'), ('shared two', 'app');
      ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO app; ALTER USER app SET search_path TO work, public`);
    expect(await rotate('app')).toEqual(
      expect.arrayContaining([
        'GRANT USAGE ON DATABASE "shared one" TO "app_clone"',
        'GRANT USAGE ON DATABASE "shared two" TO "app_clone"',
      ]),
    );
    await sql('SET SESSION AUTHORIZATION app_clone; SELECT id FROM work.read; UPDATE work.other SET id = 1; SELECT work.one(1, '
      + 'NULL); CALL work.two(); CREATE SCHEMA of_clone');
    await sql('SET SESSION AUTHORIZATION owner; CREATE TABLE work.later (id int)');
    await sql('SET SESSION AUTHORIZATION app_clone; SELECT id FROM work.later');
    await expect(sql('SET SESSION AUTHORIZATION app_clone; SELECT id FROM work.other')).rejects.toMatchObject({ code: '42501' });
    expect(await sql(`SELECT rolconnlimit AS limit, rolconfig AS settings, pg_has_role('app_clone', 'readers', 'MEMBER') AS reads,
      pg_has_role('app_clone', 'helpers', 'MEMBER WITH ADMIN OPTION') AS helps FROM pg_roles WHERE rolname = 'app_clone'`))
      .toEqual([{ limit: 7, settings: ['search_path=work, public'], reads: true, helps: true }]);
    const again = await rotate('app');
    expect(again).toEqual([
      expect.stringMatching(/^BEGIN; ALTER USER "app_clone" PASSWORD 'md5[0-9a-f]{32}'; COMMIT$/),
      // What the clone has made since then, for the base.
      'BEGIN; GRANT USAGE ON SCHEMA "of_clone" TO "app"; GRANT CREATE ON SCHEMA "of_clone" TO "app"; COMMIT',
    ]);
    expect(await rotate('app')).toHaveLength(1);
  });

  test('go when they go from the base', async () => {
    await sql(`REVOKE SELECT ON work.read FROM app; REVOKE CREATE ON DATABASE postgres FROM app; REVOKE readers FROM app; REVOKE ADMIN OPTION FOR helpers FROM app;
      DELETE FROM redshift.shares WHERE database_name = 'shared one' AND username = 'app'; ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE SELECT ON TABLES FROM app`);
    const [, together, alone] = await rotate('app');
    expect(together.split('; ')).toEqual([
      'BEGIN', 'ALTER GROUP "readers" DROP USER "app_clone"', 'REVOKE ROLE "helpers" FROM "app_clone"',
      'GRANT ROLE "helpers" TO "app_clone"',
      'REVOKE CREATE ON DATABASE "postgres" FROM "app_clone"', 'REVOKE SELECT ON TABLE "work"."read" FROM "app_clone"',
      'ALTER DEFAULT PRIVILEGES FOR USER "owner" REVOKE SELECT ON TABLES FROM "app_clone"', 'COMMIT',
    ]);
    expect(alone).toBe('REVOKE USAGE ON DATABASE "shared one" FROM "app_clone"');
    await expect(sql('SET SESSION AUTHORIZATION app_clone; SELECT id FROM work.read')).rejects.toMatchObject({ code: '42501' });
    expect(await rotate('app')).toHaveLength(1);
  });

  test.each([1, 2, 3, 4])('are complete after a first change that was given up at message %d of four', async (nth) => {
    const username = `half${nth}`;
    await bench.database.createUser({ username, password: 'First1password' });
    await sql(`GRANT USAGE ON SCHEMA work TO ${username}; GRANT SELECT ON work.read TO ${username}; INSERT INTO redshift.shares `
      + `VALUES ('one', '${username}'), ('two', '${username}')`);
    let changes = 0;
    bench.database.before = (text) => /^(BEGIN|GRANT)/.test(text) && ++changes === nth ? '57014' : undefined;
    await expect(rotate(username)).rejects.toMatchObject({ errorClass: 'timeout', message: expect.not.stringContaining('md5') });
    bench.database.before = undefined;
    // The password is set again, and then what was missing.
    await expect(rotate(username)).resolves.toHaveLength(nth === 1 ? 4 : 6 - nth);
    await sql(`SET SESSION AUTHORIZATION ${username}_clone; SELECT id FROM work.read`);
    expect(await sql(`SELECT database_name FROM redshift.shares WHERE username = '${username}_clone' ORDER BY 1`))
      .toEqual([{ database_name: 'one' }, { database_name: 'two' }]);
  });

  test('of hundreds of tables go in several messages, which are one transaction', async () => {
    await bench.database.createUser({ username: 'many', password: 'First1password' });
    await sql("CREATE SCHEMA many AUTHORIZATION many; DO $$ BEGIN FOR i IN 1..60 LOOP EXECUTE 'CREATE TABLE many.t' || i || ' "
      + "(id int)'; EXECUTE 'ALTER TABLE many.t' || i || ' OWNER TO many'; END LOOP; END $$");
    const messages = await rotate('many');
    expect(messages.length).toBeGreaterThan(3);
    await sql('SET SESSION AUTHORIZATION many_clone; INSERT INTO many.t60 VALUES (1)');
  });

  test.each([
    ['masking policies', 'svv_attached_masking_policy (grantee, grantee_type)'],
    ['policies of row-level security', 'svv_rls_attached_policy (grantee, granteekind)'],
    ['rights on datashares', 'svv_datashare_privileges (identity_name, identity_type)'],
    ['rights on models', 'svv_ml_model_privileges (identity_name, identity_type)'],
    ['rights on IAM roles', 'svv_iam_privileges (identity_name, identity_type)'],
  ])('are not given where the base itself has what its alternate user would not: %s', async (what, columns) => {
    const [view] = columns.split(' ');
    const username = `of_${view}`;
    await bench.database.createUser({ username, password: 'First1password' });
    await sql(`INSERT INTO redshift.${columns} VALUES ('${username}', 'user'), ('app', 'role')`);
    const before = bench.database.statements.length;
    await expect(rotate(username)).rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(what) });
    expect(bench.database.statements.slice(before).filter((text) => text.startsWith('BEGIN'))).toEqual([]);
    await sql(`DELETE FROM redshift.${view} WHERE identity = '${username}'`.replace('identity', columns.match(/\((\w+)/)![1]));
    await expect(rotate(username)).resolves.not.toEqual([]);
    bench.database.before = (text) => text.includes(view) ? '42P01' : undefined;
    await expect(rotate('app')).resolves.toHaveLength(1);
    bench.database.before = (text) => text.includes(view) ? '42501' : undefined;
    await expect(rotate('app')).rejects.toMatchObject({ errorClass: 'permission' });
  });

  test('end when those of the base end, and its sessions can do without', async () => {
    await bench.database.createUser({ username: 'until', password: 'First1password' }, "VALID UNTIL '2099-01-02 03:04:05+00'");
    const until = async (): Promise<unknown> =>
      (await sql("SELECT rolvaliduntil::text AS until FROM pg_roles WHERE rolname = 'until_clone'"))[0].until;
    await rotate('until');
    expect(Date.parse(String(await until()))).toBe(Date.UTC(2099, 0, 2, 3, 4, 5));
    await sql("ALTER USER until VALID UNTIL 'infinity'");
    await rotate('until');
    expect(await until()).toBe('infinity');
    expect(await rotate('until')).toHaveLength(1);
  });

  test.each([
    ['42710', 'conflict'],
    ['40001', 'conflict'],
  ])('what another change does beside it is a conflict: %s', async (code, errorClass) => {
    bench.database.before = (text) => text.startsWith('BEGIN') ? code : undefined;
    await expect(rotate('app')).rejects.toMatchObject({ errorClass, code });
  });
});
