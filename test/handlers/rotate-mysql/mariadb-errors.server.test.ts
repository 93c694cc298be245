import { requireServer } from '../../servers/require-server';
import { MariadbSessions } from '../support/mariadb-sessions';

const FIRST = "IDENTIFIED BY 'first'";
let serial = 0;

/** What is done, what it fails with, what the message advises: which has to help. */
interface Row {
  readonly number: number;
  readonly errorClass: string;
  readonly says: string;
  readonly made: string[];
  readonly advice: string[];
}

const LOGINS: readonly (Row & { readonly databaseName?: string })[] = [
  {
    number: 1044,
    errorClass: 'permission',
    says: 'grant it a right there',
    databaseName: 'closed',
    made: [],
    advice: ["GRANT SELECT ON closed.* TO <app>@'%'"],
  },
  {
    number: 1049,
    errorClass: 'configuration',
    says: 'correct dbname',
    databaseName: 'absent',
    made: ["GRANT SELECT ON *.* TO <app>@'%'"],
    advice: ['CREATE DATABASE absent'],
  },
  {
    number: 1184,
    errorClass: 'configuration',
    says: 'init_connect',
    made: ["SET GLOBAL init_connect = 'SELECT nothing'"],
    advice: ["SET GLOBAL init_connect = ''"],
  },
  {
    number: 1226,
    errorClass: 'unavailable',
    says: 'higher limits',
    made: ["ALTER USER <app>@'%' WITH MAX_QUERIES_PER_HOUR 1"],
    advice: ["ALTER USER <app>@'%' WITH MAX_QUERIES_PER_HOUR 0"],
  },
  {
    number: 1820,
    errorClass: 'configuration',
    says: 'an administrator has to set a new one',
    made: ["ALTER USER <app>@'%' PASSWORD EXPIRE"],
    advice: ["SET PASSWORD FOR <app>@'%' = PASSWORD('first')"],
  },
  {
    number: 4151,
    errorClass: 'configuration',
    says: 'ACCOUNT UNLOCK',
    made: ["ALTER USER <app>@'%' ACCOUNT LOCK"],
    advice: ["ALTER USER <app>@'%' ACCOUNT UNLOCK"],
  },
];

const STATEMENTS: readonly Row[] = [
  {
    number: 1146,
    errorClass: 'conflict',
    says: 'REVOKE',
    made: ['CREATE TABLE closed.t (id int)', "GRANT SELECT ON closed.t TO <app>@'%'", 'DROP TABLE closed.t'],
    advice: ["REVOKE SELECT ON closed.t FROM <app>@'%'"],
  },
  {
    number: 1305,
    errorClass: 'conflict',
    says: 'create it again',
    made: [
      'CREATE PROCEDURE closed.p () SELECT 1', "GRANT EXECUTE ON PROCEDURE closed.p TO <app>@'%'",
      "UPDATE mysql.procs_priv SET Routine_name = 'gone' WHERE User = '<app>'", 'FLUSH PRIVILEGES',
    ],
    advice: ['CREATE PROCEDURE closed.gone () SELECT 1'],
  },
];

requireServer('mariadb')('an error of MariaDB names what to do, and doing it helps', () => {
  let mariadb: MariadbSessions;

  const make = async ({ made, advice }: Row): Promise<{ username: string; follow: () => Promise<void> }> => {
    const username = `app${serial++}`;
    const of = (statements: string[]): string[] => statements.map((sql) => sql.replaceAll('<app>', username));
    await mariadb.run(`CREATE USER ${username}@'%' ${FIRST}`, ...of(made));
    return { username, follow: async () => mariadb.run(...of(advice)) };
  };

  const changeOwn = async (username: string, databaseName?: string): Promise<void> =>
    mariadb.in(await mariadb.signIn({ username, password: 'first', databaseName }), async (session) =>
      session.changeOwnPassword({ password: 'second', token: 't' }));

  beforeAll(async () => {
    mariadb = await MariadbSessions.start();
    await mariadb.run('CREATE DATABASE closed');
  });

  afterAll(async () => mariadb.server.stop());

  test.each(LOGINS)('to a login: $number', async (row) => {
    const { number, errorClass, says, databaseName } = row;
    const { username, follow } = await make(row);
    await expect(changeOwn(username, databaseName))
      .rejects.toMatchObject({ errorClass, code: String(number), message: expect.stringContaining(says) as string });
    await follow();
    await changeOwn(username, databaseName);
    expect(await mariadb.works(username, 'second')).toBe(true);
  });

  test('to a login of a user without a password: 1698', async () => {
    await mariadb.run("CREATE USER socketed@'%' IDENTIFIED VIA unix_socket");
    await expect(mariadb.signIn({ username: 'socketed', password: 'x' }))
      .rejects.toMatchObject({ errorClass: 'authentication', code: '1698' });
  });

  test('limits of the time that statements of applications may take do not end a rotation', async () => {
    const { username } = await make({
      number: 1969, errorClass: 'timeout', says: '', made: ["ALTER USER <app>@'%' WITH MAX_STATEMENT_TIME 0.00001"], advice: [],
    });
    await changeOwn(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
    await mariadb.run('SET GLOBAL max_statement_time = 0.00001');
    await mariadb.change(username, { password: 'third' });
    expect(await mariadb.works(username, 'third')).toBe(true);
    await mariadb.run('SET GLOBAL max_statement_time = 0');
  });

  test('to a login after too many refused ones: 4150, and no other password is tried', async () => {
    const { username, follow } = await make({
      number: 4150,
      errorClass: 'configuration',
      says: 'ACCOUNT UNLOCK',
      made: [],
      advice: ["ALTER USER <app>@'%' ACCOUNT UNLOCK"],
    });
    await mariadb.run('SET GLOBAL max_password_errors = 2');
    for (let guess = 0; guess < 2; guess++) {
      await expect(mariadb.signIn({ username, password: 'wrong' })).rejects.toMatchObject({ code: '1045' });
    }
    await expect(mariadb.signIn({ username, password: 'first' })).rejects
      .toMatchObject({ errorClass: 'configuration', code: '4150', message: expect.stringContaining('ACCOUNT UNLOCK') as string });
    await follow();
    await changeOwn(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
    await mariadb.run('SET GLOBAL max_password_errors = 4294967295');
  });

  test.each(STATEMENTS)('to a statement: $number', async (row) => {
    const { number, errorClass, says } = row;
    const { username, follow } = await make(row);
    await expect(mariadb.changeAlternate(username))
      .rejects.toMatchObject({ errorClass, code: String(number), message: expect.stringContaining(says) as string });
    await follow();
    await mariadb.changeAlternate(username);
    expect(await mariadb.works(`${username}_clone`, 'second')).toBe(true);
  });

  test('to a statement: 1959, a role that does not exist', async () => {
    const change = { createWithRoles: ['missing'] };
    await expect(mariadb.change('made', change)).rejects.toMatchObject({
      errorClass: 'configuration', code: '1959', message: expect.stringContaining('create the roles') as string,
    });
    await mariadb.run('CREATE ROLE missing', 'GRANT missing TO admin WITH ADMIN OPTION');
    await mariadb.change('made', change);
    expect(await mariadb.works('made', 'second')).toBe(true);
  });

  test('to a statement that sets a password: 1792, transactions that are read-only by default', async () => {
    const { username, follow } = await make({
      number: 1792,
      errorClass: 'readOnly',
      says: 'read-only',
      made: ['SET GLOBAL tx_read_only = 1'],
      advice: ['SET GLOBAL tx_read_only = 0'],
    });
    await expect(changeOwn(username)).rejects.toMatchObject({ errorClass: 'readOnly', code: '1792' });
    await follow();
    await changeOwn(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
  });

  test('to a statement that sets a password: 1290, read-only since the session began', async () => {
    const { username } = await make({ number: 1290, errorClass: 'readOnly', says: '', made: [], advice: [] });
    const session = await mariadb.signIn({ username, password: 'first' });
    await mariadb.run('SET GLOBAL read_only = 1');
    await expect(session.changeOwnPassword({ password: 'second', token: 't' })).rejects.toMatchObject({ errorClass: 'readOnly' });
    await session.close();
    await mariadb.run('SET GLOBAL read_only = 0');
    await changeOwn(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
  });
});

requireServer('mariadb')('a MariaDB server whose sessions make passwords of the form before MySQL 4.1', () => {
  let mariadb: MariadbSessions;

  beforeAll(async () => {
    mariadb = await MariadbSessions.start();
    await mariadb.run('SET GLOBAL old_passwords = 1');
  });

  afterAll(async () => mariadb.server.stop());

  test.each([
    ['the password itself', { plainPasswordStatement: true }], ['its hash', {}],
  ])('is sent %s: nobody gets one with which nobody signs in', async (_, facts) => {
    const username = `old${serial++}`;
    await mariadb.change(username, { password: 'first', facts, createWithRoles: [] });
    expect(await mariadb.works(username, 'first')).toBe(true);
    await mariadb.in(await mariadb.signIn({ username, password: 'first' }, facts), async (session) =>
      session.changeOwnPassword({ password: 'second', token: 't' }));
    expect(await mariadb.works(username, 'second')).toBe(true);
    await mariadb.change(username, { password: 'third', facts });
    expect(await mariadb.works(username, 'third')).toBe(true);
  });
});

requireServer('mariadb-plugins')('a MariaDB server that checks passwords', () => {
  let mariadb: MariadbSessions;
  const plain = { plainPasswordStatement: true };
  const GOOD = 'Long enough 1';
  const BETTER = 'Long enough 2';

  beforeAll(async () => {
    mariadb = await MariadbSessions.start();
    await mariadb.run("INSTALL SONAME 'simple_password_check'");
  });

  afterAll(async () => mariadb.server.stop());

  const make = async (): Promise<string> => {
    const username = `app${serial++}`;
    await mariadb.server.createUser({ username, password: GOOD });
    return username;
  };

  test('refuses hashes (1290) in every strategy: what the message advises helps', async () => {
    const username = await make();
    const refusal = {
      errorClass: 'configuration', code: '1290', message: expect.stringContaining('MySqlPasswordStatement.plainText()') as string,
    };
    const own = async (facts = {}): Promise<void> =>
      mariadb.in(await mariadb.signIn({ username, password: GOOD }, facts), async (session) =>
        session.changeOwnPassword({ password: BETTER, token: 't' }));
    const alternate = { base: username, username: `${username}_clone`, password: GOOD, token: 't' };
    const clone = async (facts = {}): Promise<void> =>
      mariadb.in(await mariadb.signIn(mariadb.server.superuser, facts), async (session) => session.changeAlternate(alternate));
    await expect(own()).rejects.toMatchObject(refusal);
    await expect(mariadb.change(username, { password: BETTER })).rejects.toMatchObject(refusal);
    await expect(clone()).rejects.toMatchObject(refusal);
    await own(plain);
    await mariadb.change(username, { password: 'Long enough 3', facts: plain });
    await clone(plain);
    expect([await mariadb.works(username, 'Long enough 3'), await mariadb.works(alternate.username, GOOD)]).toEqual([true, true]);
  });

  test('refuses weak passwords (1819): stronger ones are set', async () => {
    const username = await make();
    await expect(mariadb.change(username, { password: 'short', facts: plain })).rejects.toMatchObject({
      errorClass: 'configuration', code: '1819', message: expect.stringContaining('passwordLength') as string,
    });
    await mariadb.change(username, { password: BETTER, facts: plain });
    expect(await mariadb.works(username, BETTER)).toBe(true);
  });

  test('lets a base be created whose password nobody knows', async () => {
    await mariadb.in(await mariadb.signIn(mariadb.server.superuser, plain), async (session) =>
      session.changeAlternate({ base: 'fresh', username: 'fresh_clone', password: GOOD, token: 't', createWithRoles: [] }));
    expect(await mariadb.works('fresh_clone', GOOD)).toBe(true);
  });

  test('that remembers passwords does not refuse a repeated step', async () => {
    const username = await make();
    await mariadb.run("INSTALL SONAME 'password_reuse_check'");
    await mariadb.change(username, { password: BETTER, facts: plain });
    await mariadb.change(username, { password: BETTER, facts: plain });
    expect(await mariadb.works(username, BETTER)).toBe(true);
    await expect(mariadb.change(username, { password: 'Long enough 4', facts: plain })).resolves.toBeUndefined();
    await expect(mariadb.change(username, { password: BETTER, facts: plain })).rejects.toMatchObject({ code: '1819' });
  });
});
