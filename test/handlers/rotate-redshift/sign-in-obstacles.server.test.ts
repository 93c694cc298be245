import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { requireServer } from '../../servers/require-server';
import { RedshiftBench } from '../support/redshift-bench';

const FIRST = 'First1password';
const SECOND = 'Second1password';

requireServer('postgresql-15', 'secrets-manager')('what would keep a user of Amazon Redshift out', () => {
  let bench: RedshiftBench;
  let username: string;
  let serial = 0;

  const sql = async (text: string): Promise<Record<string, unknown>[]> => bench.database.database.query(text);
  const signIn = async (credentials = bench.superuser): Promise<CredentialSession> =>
    bench.target.signIn(credentials, new Deadline(systemClock, 60_000));
  const bySuperuser = async (work: (session: CredentialSession) => Promise<void>): Promise<void> => {
    const session = await signIn();
    await work(session).finally(async () => session.close());
  };
  const single = async (databaseName?: string): Promise<void> =>
    bySuperuser(async (session) => session.changeUser({ username, password: SECOND, databaseName, token: 't' }));
  const alternating = async (databaseName?: string): Promise<void> => bySuperuser(async (session) => session.changeAlternate(
    { base: username, username: `${username}_clone`, password: SECOND, databaseName, token: 't' },
  ));
  const works = async (password: string, name = username): Promise<boolean> => bench.worksFor({ username: name, password });
  const changes = (since: number): string[] => bench.database.statements.slice(since).filter((text) => text.startsWith('BEGIN'));

  beforeAll(async () => {
    bench = await RedshiftBench.start();
  });

  beforeEach(async () => {
    username = `app${serial++}`;
    await bench.createUser({ username, password: FIRST });
  });

  afterEach(() => {
    bench.database.before = undefined;
  });

  afterAll(() => bench.stop());

  test.each([
    ['a password that has expired by date', "ALTER USER $ VALID UNTIL '2020-01-01'", "VALID UNTIL 'infinity'",
      "ALTER USER $ VALID UNTIL 'infinity'"],
    ['no connections', 'ALTER USER $ CONNECTION LIMIT 0', 'CONNECTION LIMIT UNLIMITED', 'ALTER USER $ CONNECTION LIMIT -1'],
    ['an identity provider', "INSERT INTO redshift.limits VALUES ('$', 'EXTERNAL', 'x')", 'identity provider',
      "DELETE FROM redshift.limits WHERE username = '$'"],
  ])('is told before anything is changed, and the advice helps: %s', async (_, spoil, says, advice) => {
    await sql(spoil.replace('$', username));
    const since = bench.database.statements.length;
    for (const attempt of [single, alternating]) {
      await expect(attempt()).rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(says) });
    }
    expect(changes(since)).toEqual([]);
    await sql(advice.replace('$', username));
    expect(await works(FIRST)).toBe(true);
    await single();
    await alternating();
    expect([await works(SECOND), await works(SECOND, `${username}_clone`)]).toEqual([true, true]);
  });

  test('a role that would make a new user a superuser, whom no superuser rotates', async () => {
    await sql(`CREATE ROLE "sys:superuser"; CREATE ROLE outer_role; GRANT "sys:superuser" TO outer_role;
      INSERT INTO redshift.roles VALUES ('sys:superuser'), ('outer_role')`);
    const since = bench.database.statements.length;
    const change = { username: 'made', password: SECOND, token: 't' };
    for (const createWithRoles of [['sys:superuser'], ['outer_role']]) {
      for (const attempt of [
        async (session: CredentialSession) => session.changeUser({ ...change, createWithRoles }),
        async (session: CredentialSession) =>
          session.changeAlternate({ ...change, username: 'made_clone', base: 'made', createWithRoles }),
      ]) {
        await expect(bySuperuser(attempt)).rejects.toMatchObject({
          errorClass: 'configuration', message: expect.stringContaining('leave the role out') as string,
        });
      }
    }
    expect(changes(since)).toEqual([]);
  });

  test('a database that does not exist, or takes no connections', async () => {
    const since = bench.database.statements.length;
    for (const attempt of [single, alternating]) {
      for (const databaseName of ['nowhere', 'template0']) {
        await expect(attempt(databaseName))
          .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('dbname in the secret') });
      }
    }
    expect([changes(since), await works(FIRST)]).toEqual([[], true]);
    await single('Postgres');
    expect(await works(SECOND)).toBe(true);
  });

  describe('a statement that fails and has set the password all the same', () => {
    const failing = (code: string): void => {
      bench.database.before = (text) => / PASSWORD 'md5/.test(text) ? code : undefined;
    };

    test('is no failure where a login with it works, and the session goes on', async () => {
      await alternating();
      await sql(`REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO ${username}`);
      failing('99999');
      await alternating();
      expect(changes(0).at(-1)).toContain(`GRANT USAGE ON SCHEMA "public" TO "${username}_clone"`);
      const own = await signIn({ username, password: FIRST });
      await own.changeOwnPassword({ password: FIRST, token: 't' }).finally(async () => own.close());
    });

    test('is one where it does not, after one login', async () => {
      failing('99999');
      const refused = bench.logins('refused');
      await expect(single()).rejects.toMatchObject({ errorClass: 'conflict', code: '99999' });
      expect([await works(FIRST), bench.logins('refused') - refused]).toEqual([true, 1]);
    });

    test('fails with its own error where it cannot be rolled back', async () => {
      bench.database.before = (text) => / PASSWORD 'md5/.test(text) ? '99999' : text === 'ROLLBACK' ? '57P01' : undefined;
      await expect(single()).rejects.toMatchObject({ errorClass: 'conflict', code: '99999' });
    });

    test('costs no login where it is known to have changed nothing', async () => {
      failing('40001');
      const refused = bench.logins('refused');
      await expect(single()).rejects.toMatchObject({ errorClass: 'conflict', code: '40001' });
      expect(bench.logins('refused')).toBe(refused);
    });
  });
});
