import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { mysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import { createCertificates } from '../../servers/certificates';
import { MariadbServer } from '../../servers/mariadb-server';
import { requireServer } from '../../servers/require-server';

const certificates = createCertificates();

requireServer('mariadb')('MariaDB', () => {
  let server: MariadbServer;
  let session: CredentialSession;
  let serial = 0;

  const signIn = async (username: string, password: string): Promise<CredentialSession> => mysqlTarget({
    region: 'eu-west-1',
    database: {
      engine: 'mariadb',
      host: server.host,
      port: server.port,
      certificateAuthorities: certificates.authority.certificate,
    },
  }).signIn({ username, password }, new Deadline(systemClock, 120_000));

  const works = async (username: string, password: string): Promise<boolean> =>
    signIn(username, password).then(
      async (opened) => {
        await opened.close();
        return true;
      },
      () => false,
    );

  /** What somebody may do, and how somebody has to connect, without the password. */
  const rightsOf = async (username: string): Promise<string[]> => {
    const rows = [
      ...(await server.query("SHOW GRANTS FOR ?@'%'", [username])),
      ...(await server.query("SHOW CREATE USER ?@'%'", [username])),
    ];
    return rows.map((row) => String(Object.values(row)[0])
      .replace(/ IDENTIFIED BY PASSWORD '[^']*'/, '')
      .replace(/\((`.*?`)\)/, (_, columns: string) => `(${columns.split(', ').sort().join(', ')})`)
      .replaceAll(`\`${username}\``, '<user>'));
  };

  const makeBase = async (...grants: string[]): Promise<string> => {
    const base = `base${serial++}`;
    await server.createUser({ username: base, password: 'first' });
    for (const grant of grants) {
      await server.query(grant.replaceAll('<user>', `${base}@'%'`));
    }
    return base;
  };

  const change = (base: string, password = 'second'): { base: string; username: string; password: string; token: string } =>
    ({ base, username: `${base}_clone`, password, token: 't' });

  beforeAll(async () => {
    server = await MariadbServer.start({ certificate: certificates.good });
    for (const sql of [
      'CREATE DATABASE `money TO spend`', 'CREATE TABLE `money TO spend`.`a``b ON c` (id int, `x,y` int, z int)',
      'CREATE FUNCTION `money TO spend`.`f(` () RETURNS int RETURN 1',
      'CREATE PROCEDURE `money TO spend`.p () SELECT 1', 'CREATE ROLE reader', 'CREATE ROLE `a TO b`',
      'GRANT SELECT ON `money TO spend`.* TO reader',
      'GRANT reader TO admin WITH ADMIN OPTION', 'GRANT `a TO b` TO admin WITH ADMIN OPTION',
      "GRANT PROXY ON ''@'%' TO admin@'%' WITH GRANT OPTION",
    ]) {
      await server.query(sql);
    }
    session = await signIn(server.superuser.username, server.superuser.password);
  });

  afterAll(async () => {
    await session.close();
    await server.stop();
  });

  test.each([
    ['nothing', []],
    ['rights at every level, some of them to pass on', [
      'GRANT PROCESS, SHOW DATABASES ON *.* TO <user>', 'GRANT SELECT, INSERT ON `money TO spend`.* TO <user> WITH GRANT OPTION',
      'GRANT SELECT (id, `x,y`), UPDATE (z), DELETE ON `money TO spend`.`a``b ON c` TO <user>',
      'GRANT EXECUTE ON FUNCTION `money TO spend`.`f(` TO <user>',
      'GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE `money TO spend`.p TO <user> WITH GRANT OPTION',
      'GRANT ALL PRIVILEGES ON `other`.* TO <user>',
      'GRANT SELECT ON `wild\\\\_%`.* TO <user>',
    ]],
    [
      'roles, one of them to pass on and one to begin with',
      ['GRANT reader TO <user>', 'GRANT `a TO b` TO <user> WITH ADMIN OPTION', 'SET DEFAULT ROLE reader FOR <user>'],
    ],
    [
      'the right to stand in for another',
      ['CREATE USER IF NOT EXISTS other@localhost', 'GRANT PROXY ON other@localhost TO <user>'],
    ],
    ['demands on the connection, and limits', ['ALTER USER <user> REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 9 MAX_UPDATES_PER_HOUR 8 '
      + 'MAX_CONNECTIONS_PER_HOUR 70 MAX_USER_CONNECTIONS 6 MAX_STATEMENT_TIME 3.5']],
    ['the cipher of the function', ["ALTER USER <user> REQUIRE CIPHER 'TLS_AES_256_GCM_SHA384'"]],
    ['expiry after some days', ['ALTER USER <user> PASSWORD EXPIRE INTERVAL 90 DAY']],
    ['no expiry', ['ALTER USER <user> PASSWORD EXPIRE NEVER']],
  ])('the alternate user gets what its base has: %s', async (_, grants) => {
    const base = await makeBase(...grants);
    await session.changeAlternate(change(base));
    expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
    await session.changeAlternate(change(base, 'third'));
    expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
  });

  test('what the base has got since is given with the next rotation', async () => {
    const base = await makeBase('GRANT SELECT ON `money TO spend`.* TO <user>');
    await session.changeAlternate(change(base));
    await server.query(`GRANT INSERT ON \`money TO spend\`.* TO ${base}@'%' WITH GRANT OPTION`);
    await server.query(`GRANT ALL PRIVILEGES ON other.* TO ${base}@'%'`);
    await server.query(`GRANT reader TO ${base}@'%'`);
    await session.changeAlternate(change(base, 'third'));
    expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
    expect(await works(`${base}_clone`, 'third')).toBe(true);
  });

  /** What the server was told to change, from a position in its log. */
  const changesSince = (said: number): string[] =>
    server.statements().slice(said).split('\n')
      .flatMap((line) => /\bQuery\t((?:ALTER|GRANT|SET DEFAULT|SET PASSWORD).*)/.exec(line)?.[1] ?? []);

  test('of an alternate user that is like its base only the password is set, and what differs is said again', async () => {
    const base = await makeBase(
      'GRANT SELECT ON `money TO spend`.* TO <user>', 'GRANT reader TO <user>', 'SET DEFAULT ROLE reader FOR <user>',
      'ALTER USER <user> REQUIRE SSL PASSWORD EXPIRE NEVER',
    );
    await session.changeAlternate(change(base));
    const second = server.statements().length;
    await session.changeAlternate(change(base, 'third'));
    expect(changesSince(second)).toEqual([expect.stringMatching(/^SET PASSWORD FOR `base\d+_clone`/)]);
    await server.query(`ALTER USER ${base}@'%' PASSWORD EXPIRE INTERVAL 9 DAY`);
    await server.query(`SET DEFAULT ROLE NONE FOR ${base}@'%'`);
    const third = server.statements().length;
    await session.changeAlternate(change(base, 'fourth'));
    expect(changesSince(third).map((line) => line.slice(0, 12))).toEqual(['SET PASSWORD', 'ALTER USER `', 'SET DEFAULT ']);
    expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
  });

  test('a clone that was left with a part of its rights is finished', async () => {
    const base = await makeBase(
      'GRANT SELECT, INSERT ON `money TO spend`.* TO <user>',
      'GRANT SELECT (id) ON `money TO spend`.`a``b ON c` TO <user>',
      'GRANT reader TO <user>',
    );
    await server.createUser({ username: `${base}_clone`, password: 'x' });
    await server.query(`GRANT SELECT ON \`money TO spend\`.* TO ${base}_clone@'%'`);
    await session.changeAlternate(change(base));
    expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
  });

  test.each([
    'GRANT INSERT ON `money TO spend`.* TO <clone>', 'GRANT SELECT ON other.* TO <clone>',
    'GRANT SELECT ON `money TO spend`.* TO <clone> WITH GRANT OPTION',
    'GRANT `a TO b` TO <clone>', 'GRANT reader TO <clone> WITH ADMIN OPTION',
    'GRANT SELECT (z) ON `money TO spend`.`a``b ON c` TO <clone>', 'GRANT PROCESS ON *.* TO <clone>',
  ])('an alternate user with more than its base is somebody else\'s: %s', async (grant) => {
    const base = await makeBase(
      'GRANT SELECT ON `money TO spend`.* TO <user>',
      'GRANT SELECT (id) ON `money TO spend`.`a``b ON c` TO <user>',
      'GRANT reader TO <user>',
    );
    await server.createUser({ username: `${base}_clone`, password: 'theirs' });
    await server.query(grant.replace('<clone>', `${base}_clone@'%'`));
    const before = await rightsOf(`${base}_clone`);
    await expect(session.changeAlternate(change(base))).rejects.toMatchObject({
      errorClass: 'conflict', message: expect.stringContaining('rights that its base does not have'),
    });
    expect(await rightsOf(`${base}_clone`)).toEqual(before);
    expect(await works(`${base}_clone`, 'theirs')).toBe(true);
  });

  test('an alternate user for another host is somebody else\'s', async () => {
    const base = await makeBase();
    await server.query(`CREATE USER ${base}_clone@localhost IDENTIFIED BY 'theirs'`);
    await expect(session.changeAlternate(change(base))).rejects.toThrow('for another host than its base');
  });

  test('the host of the base is that of its clone', async () => {
    await server.query("CREATE USER near@'127.0.0.%' IDENTIFIED BY 'first'");
    await session.changeAlternate(change('near'));
    expect(await server.query("SELECT Host AS host FROM mysql.user WHERE User = 'near_clone'")).toEqual([{ host: '127.0.0.%' }]);
    expect(await works('near_clone', 'second')).toBe(true);
  });

  test.each([
    'GRANT SUPER ON *.* TO <user>',
    'GRANT SELECT ON *.* TO <user> WITH GRANT OPTION',
    'GRANT CREATE USER ON *.* TO <user>',
    'GRANT deputies TO <user>',
  ])('an administrator is not touched: %s', async (grant) => {
    await server.query('CREATE ROLE IF NOT EXISTS bosses');
    await server.query('CREATE ROLE IF NOT EXISTS deputies');
    await server.query('GRANT CREATE USER ON *.* TO bosses');
    await server.query('GRANT bosses TO deputies');
    const base = await makeBase(grant);
    await expect(session.changeUser({ username: base, password: 'x', token: 't' }))
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('administrator') });
    await expect(session.changeAlternate(change(base))).rejects.toThrow('administrator');
    expect(await works(base, 'first')).toBe(true);
  });

  test('a user that is created begins with its role, and has one at most', async () => {
    await session.changeUser({ username: 'made', password: 'second', token: 't', createWithRoles: ['a TO b'] });
    expect(await rightsOf('made')).toContain('SET DEFAULT ROLE `a TO b` FOR <user>@`%`');
    await expect(session.changeUser({ username: 'more', password: 'x', token: 't', createWithRoles: ['reader', 'a TO b'] }))
      .rejects.toThrow('begins with one role');
    await session.changeAlternate({ ...change('twins'), createWithRoles: ['reader'] });
    expect(await rightsOf('twins_clone')).toEqual(await rightsOf('twins'));
    expect(await works('twins', 'second')).toBe(false);
    expect(await works('twins', '')).toBe(false);
    expect(await works('twins_clone', 'second')).toBe(true);
  });

  test('a user is not created as an administrator', async () => {
    await server.query('CREATE ROLE keepers');
    await server.query('GRANT CREATE USER ON *.* TO keepers');
    await server.query('GRANT keepers TO admin WITH ADMIN OPTION');
    await expect(session.changeUser({ username: 'keeper', password: 'second', token: 't', createWithRoles: ['keepers'] }))
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('leave the role out') });
    await expect(server.query("SHOW GRANTS FOR 'keeper'@'%'")).rejects.toThrow();
  });

  test.each([
    ['its rights', []],
    ['its default role', ['GRANT reader TO <user>']],
    ['it was unlocked', ['GRANT reader TO <user>', 'SET DEFAULT ROLE reader FOR <user>']],
  ])('a user whose creation ended before %s is finished by the next attempt', async (_, made) => {
    const base = await makeBase('ALTER USER <user> ACCOUNT LOCK', ...made);
    await session.changeUser({ username: base, password: 'second', token: 't', createWithRoles: ['reader'] });
    expect(await rightsOf(base)).toContain('SET DEFAULT ROLE `reader` FOR <user>@`%`');
    expect(await works(base, 'second')).toBe(true);
    const other = await makeBase('ALTER USER <user> ACCOUNT LOCK', ...made);
    await session.changeAlternate({ ...change(other), createWithRoles: ['reader'] });
    expect(await rightsOf(`${other}_clone`)).toEqual(await rightsOf(other));
    expect(await works(`${other}_clone`, 'second')).toBe(true);
  });

  test.each([
    ['another role', 'GRANT `a TO b` TO <user>'],
    ['a right', 'GRANT SELECT ON `money TO spend`.* TO <user>'],
  ])('a user that somebody else has locked stays locked: it has %s', async (_, grant) => {
    const base = await makeBase('ALTER USER <user> ACCOUNT LOCK', grant);
    await expect(session.changeUser({ username: base, password: 'second', token: 't', createWithRoles: ['reader'] }))
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('locked') });
  });

  test('a role that the superuser may not pass on is a missing right, and no refused login', async () => {
    const base = await makeBase();
    await server.query('CREATE ROLE theirs');
    await server.query(`GRANT theirs TO ${base}@'%'`);
    const { username, password } = { username: 'manager', password: 'the manager' };
    await server.createUser({ username, password });
    await server.query(`GRANT CREATE USER ON *.* TO ${username}@'%'`);
    await server.query(`GRANT SELECT ON mysql.* TO ${username}@'%'`);
    const manager = await signIn(username, password);
    await expect(manager.changeAlternate(change(base))).rejects.toMatchObject({
      errorClass: 'permission', code: '1698', message: expect.stringContaining('WITH ADMIN OPTION') as string,
    });
    await manager.close();
  });

  test('what this server cannot do is said', async () => {
    await server.query("CREATE USER socket@'%' IDENTIFIED VIA unix_socket");
    await expect(session.changeUser({ username: 'socket', password: 'x', token: 't' }))
      .rejects.toThrow('does not sign in with mysql_native_password');
  });

  test('rights that the superuser has not it cannot give, and says so', async () => {
    await server.query("CREATE USER weak@'%' IDENTIFIED BY 'x'");
    await server.query("GRANT CREATE USER ON *.* TO weak@'%'");
    await server.query("GRANT SELECT ON mysql.* TO weak@'%'");
    const base = await makeBase('GRANT SELECT ON `money TO spend`.* TO <user>');
    const weak = await signIn('weak', 'x');
    await expect(weak.changeAlternate(change(base)))
      .rejects.toMatchObject({ errorClass: 'permission', message: expect.stringContaining('WITH GRANT OPTION') });
    await weak.close();
    await session.changeAlternate(change(base));
    expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
  });

  test('the rights that the guide names suffice, for users with and without a default role', async () => {
    const guided = { username: 'guided', password: 'x' };
    await server.createUser(guided);
    await server.query('CREATE ROLE guides');
    for (const right of [
      'CREATE USER ON *.*', 'SELECT, UPDATE ON mysql.*', 'SELECT ON `money TO spend`.*|WITH GRANT OPTION',
      'guides|WITH ADMIN OPTION',
    ]) {
      const [what, passedOn = ''] = right.split('|');
      await server.query(`GRANT ${what} TO guided@'%' ${passedOn}`);
    }
    for (const base of [
      await makeBase('GRANT SELECT ON `money TO spend`.* TO <user>'),
      await makeBase('GRANT guides TO <user>', 'SET DEFAULT ROLE guides FOR <user>'),
    ]) {
      for (const password of ['third', 'fourth']) {
        const own = await signIn('guided', 'x');
        await own.changeUser({ username: base, password, token: password });
        await own.changeAlternate({ ...change(base), password });
        await own.changeUser({ username: `${base}_new`, password, token: password, createWithRoles: ['guides'] });
        await own.close();
      }
      expect(await rightsOf(`${base}_clone`)).toEqual(await rightsOf(base));
    }
  });

  test('a superuser that may not update the tables of users is told to', async () => {
    await server.createUser({ username: 'unguided', password: 'x' });
    await server.query("GRANT CREATE USER ON *.* TO unguided@'%'");
    await server.query("GRANT SELECT ON mysql.* TO unguided@'%'");
    const base = await makeBase();
    const own = await signIn('unguided', 'x');
    await expect(own.changeUser({ username: base, password: 'third', token: 't' }))
      .rejects.toMatchObject({ errorClass: 'permission', code: '1044', message: expect.stringContaining('UPDATE on mysql.*') });
    await own.close();
  });

  test('no password, hash of a former one or right stands in an error', async () => {
    const base = await makeBase();
    await server.createUser({ username: `${base}_clone`, password: 'theirs' });
    await server.query(`GRANT SELECT ON canary.* TO ${base}_clone@'%'`);
    const [{ hash }] = await server.query<{ hash: string }>(
      'SELECT authentication_string AS hash FROM mysql.user WHERE User = ?',
      [`${base}_clone`],
    );
    const error: unknown = await session.changeAlternate(change(base)).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, String(error)])).not.toMatch(new RegExp(`canary|theirs|second|${hash.slice(1)}`));
  });
});
