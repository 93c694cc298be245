import { connect } from 'node:net';
import { requireServer } from '../../servers/require-server';
import { MariadbSessions } from '../support/mariadb-sessions';
import { ServerPassage } from '../support/server-passage';

/** The smallest that the server takes. */
const FEWEST_CONNECTIONS = 10;

requireServer('mariadb')('a connection that MariaDB refuses: the error names what to do, and doing it helps', () => {
  let mariadb: MariadbSessions;

  beforeAll(async () => {
    // What is zero when the server starts cannot be set later.
    mariadb = await MariadbSessions.start({ 'max-user-connections': '100' });
  });

  afterAll(async () => mariadb.server.stop());

  const create = async (account: string): Promise<void> => mariadb.run(`CREATE USER ${account} IDENTIFIED BY 'first'`);
  const changeOwn = async (username: string): Promise<void> =>
    mariadb.in(await mariadb.signIn({ username, password: 'first' }), async (session) =>
      session.changeOwnPassword({ password: 'second', token: 't' }));

  /** What is wrong, and what the message advises, which has to help. */
  const shows = async (
    username: string, { says, ...facts }: { errorClass: string; code: string; says: string }, advice: () => Promise<void>,
  ): Promise<void> => {
    await expect(changeOwn(username)).rejects.toMatchObject({ ...facts, message: expect.stringContaining(says) as string });
    await advice();
    await changeOwn(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
  };

  test('1040: it has no connection left', async () => {
    await create("busy@'%'");
    await create("late@'%'");
    await mariadb.run(`SET GLOBAL max_connections = ${FEWEST_CONNECTIONS}`);
    const sessions = await Promise.all(Array.from({ length: FEWEST_CONNECTIONS }, async () =>
      mariadb.signIn({ username: 'busy', password: 'first' })));
    await shows('late', { errorClass: 'unavailable', code: '1040', says: 'raise max_connections' }, async () =>
      mariadb.run('SET GLOBAL max_connections = 50'));
    await Promise.all(sessions.map(async (session) => session.close()));
  });

  test('1203: the user has as many as every user may have', async () => {
    await create("one@'%'");
    await mariadb.run('SET GLOBAL max_user_connections = 1');
    const session = await mariadb.signIn({ username: 'one', password: 'first' });
    await shows('one', { errorClass: 'unavailable', code: '1203', says: 'raise max_user_connections' }, async () =>
      mariadb.run('SET GLOBAL max_user_connections = 100'));
    await session.close();
  });

  test('1524: it has not loaded the login method of the user', async () => {
    await create("plugged@'%'");
    await mariadb.run("UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.plugin', 'absent') WHERE User = 'plugged'",
      'FLUSH PRIVILEGES');
    await shows('plugged', { errorClass: 'configuration', code: '1524', says: 'run ALTER USER … IDENTIFIED' }, async () =>
      mariadb.run("ALTER USER plugged@'%' IDENTIFIED BY 'first'"));
  });

  test('1130: no account has a host that admits the function', async () => {
    // The test itself comes over the server's socket.
    const others = await mariadb.server.query<{ account: string }>(
      "SELECT CONCAT('`', User, '`@`', Host, '`') AS account FROM mysql.user WHERE Host NOT IN ('', 'localhost')",
    );
    await mariadb.run(...others.map(({ account }) => `DROP USER ${account}`));
    await create("away@'10.%'");
    // A server that has dropped users still remembers their hosts.
    await mariadb.run('FLUSH PRIVILEGES');
    await shows('away', { errorClass: 'configuration', code: '1130', says: 'no account has a host that admits it' }, async () =>
      mariadb.run("RENAME USER away@'10.%' TO away@'%'"));
  });
});

requireServer('mariadb')('an address that MariaDB has blocked', () => {
  let mariadb: MariadbSessions;
  let passage: ServerPassage;

  beforeAll(async () => {
    // It counts errors where it looks for the names of addresses, of all but its own, 127.0.0.1.
    mariadb = await MariadbSessions.start({ 'skip-name-resolve': '0', 'max-connect-errors': '1' });
    passage = await ServerPassage.start(mariadb.server.port, '127.0.0.2');
  });

  afterAll(async () => {
    await passage.stop();
    await mariadb.server.stop();
  });

  test('1129: connections that ended before a login were too many, and FLUSH HOSTS lets the function in again', async () => {
    await mariadb.run("CREATE USER blocked@'%' IDENTIFIED BY 'first'");
    const signIn = async (): Promise<void> =>
      (await mariadb.signIn({ username: 'blocked', password: 'first' }, { port: passage.port })).close();
    await signIn();
    for (let attempt = 0; attempt < 3; attempt++) {
      const socket = connect({ port: mariadb.server.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
      // No beginning of a login: a length, a number, and nothing that means anything.
      socket.once('data', () => socket.end(Buffer.from([4, 0, 0, 1, 0, 0, 0, 0]))).on('error', () => undefined);
      await new Promise((resolve) => socket.once('close', resolve));
    }
    await expect(signIn()).rejects.toMatchObject({
      errorClass: 'unavailable', code: '1129', message: expect.stringContaining('run FLUSH HOSTS') as string,
    });
    await mariadb.run('FLUSH HOSTS');
    await signIn();
  });
});
