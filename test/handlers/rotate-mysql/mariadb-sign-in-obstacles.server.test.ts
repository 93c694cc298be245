import { requireServer } from '../../servers/require-server';
import { MariadbSessions } from '../support/mariadb-sessions';

const FIRST = "IDENTIFIED BY 'first'";
const NATIVE = "mysql_native_password USING PASSWORD('first')";
/** So that no name is used twice. */
let serial = 0;

requireServer('mariadb')('what MariaDB knows about a user before it is changed', () => {
  let mariadb: MariadbSessions;

  /** A name, and statements about the user of that name. */
  const naming = (...statements: string[]): [string, string[]] => {
    const username = `app${serial++}`;
    return [username, statements.map((sql) => sql.replaceAll('<app>', username))];
  };

  const refusedUntil = async (made: string, says: string, advice: string): Promise<void> => {
    const [username, [create, remedy]] = naming(made, advice);
    await mariadb.run(create);
    const before = await mariadb.stored(username);
    const refusal = { errorClass: 'configuration', message: expect.stringContaining(says) as string };
    await expect(mariadb.change(username)).rejects.toMatchObject(refusal);
    await expect(mariadb.changeAlternate(username)).rejects.toMatchObject(refusal);
    expect([await mariadb.stored(username), await mariadb.stored(`${username}_clone`)]).toEqual([before, '[]']);
    await mariadb.run(remedy);
    await mariadb.change(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
    await mariadb.changeAlternate(username);
    expect(await mariadb.works(`${username}_clone`, 'second')).toBe(true);
  };

  beforeAll(async () => {
    mariadb = await MariadbSessions.start();
  });

  afterAll(async () => mariadb.server.stop());

  test.each([
    ['locked', `CREATE USER <app>@'%' ${FIRST} ACCOUNT LOCK`, 'ACCOUNT UNLOCK', "ALTER USER <app>@'%' ACCOUNT UNLOCK"],
    ['any certificate', `CREATE USER <app>@'%' ${FIRST} REQUIRE X509`, 'REQUIRE SSL', "ALTER USER <app>@'%' REQUIRE SSL"],
    ['an issuer', `CREATE USER <app>@'%' ${FIRST} REQUIRE ISSUER '/CN=x'`, 'REQUIRE SSL', "ALTER USER <app>@'%' REQUIRE SSL"],
    ['a subject', `CREATE USER <app>@'%' ${FIRST} REQUIRE SUBJECT '/CN=x'`, 'REQUIRE SSL', "ALTER USER <app>@'%' REQUIRE SSL"],
    ['another cipher', `CREATE USER <app>@'%' ${FIRST} REQUIRE CIPHER 'AES128-SHA'`, 'cipher', "ALTER USER <app>@'%' REQUIRE SSL"],
    ['another network', `CREATE USER <app>@'10.%' ${FIRST}`, 'RENAME USER', "RENAME USER <app>@'10.%' TO <app>@'127.0.0._'"],
    ['a netmask', `CREATE USER <app>@'10.0.0.0/255.0.0.0' ${FIRST}`, 'RENAME USER',
      "RENAME USER <app>@'10.0.0.0/255.0.0.0' TO <app>@'127.0.0.0/255.0.0.0'"],
    ['a prefix, which this server does not read', `CREATE USER <app>@'127.0.0.0/8' ${FIRST}`, 'RENAME USER',
      "RENAME USER <app>@'127.0.0.0/8' TO <app>@'127.0.0.1'"],
    ['a name, where the server asks for none', `CREATE USER <app>@'localhost' ${FIRST}`, 'RENAME USER',
      "RENAME USER <app>@'localhost' TO <app>@'127.%'"],
    ['no password', "CREATE USER <app>@'%' IDENTIFIED VIA unix_socket", 'does not sign in with mysql_native_password',
      `ALTER USER <app>@'%' IDENTIFIED VIA ${NATIVE}`],
  ])('%s: refused before anything is changed, and rotated once the advice is followed', async (_, made, says, advice) => {
    await refusedUntil(made, says, advice);
  });

  test('an account without a name, which the server takes users from here for: rotated once it is gone', async () => {
    const { username } = mariadb.server.superuser;
    // The server goes on with the former order of accounts until it reads them anew.
    await mariadb.run(`RENAME USER ${username}@'%' TO ${username}@'127.0.0.1'`, "CREATE USER ''@'127.%'", 'FLUSH PRIVILEGES');
    await expect(mariadb.change('hidden', { createWithRoles: [] })).rejects.toMatchObject({
      errorClass: 'configuration', message: expect.stringContaining('DROP USER') as string,
    });
    await refusedUntil(`CREATE USER <app>@'%' ${FIRST}`, "DROP USER ''@", "DROP USER ''@'127.%'");
    await mariadb.run("CREATE USER ''@'10.%', ''@'%'");
    await mariadb.change('seen', { createWithRoles: [] });
    expect(await mariadb.works('seen', 'second')).toBe(true);
    await mariadb.run("DROP USER ''@'10.%', ''@'%'", `RENAME USER ${username}@'127.0.0.1' TO ${username}@'%'`);
    await mariadb.run('FLUSH PRIVILEGES');
  });

  test.each([
    ['by hand', "ALTER USER <app>@'%' PASSWORD EXPIRE"],
    ['by date', "UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed', UNIX_TIMESTAMP() - 200000, "
      + "'$.password_lifetime', 1) WHERE User = '<app>'"],
  ])('a password that has expired %s is set again, even to itself: that ends the expiry', async (_, expire) => {
    const [username, [create, end]] = naming(`CREATE USER <app>@'%' ${FIRST}`, expire);
    await mariadb.run(create, end, 'FLUSH PRIVILEGES');
    expect(await mariadb.works(username, 'first')).toBe(false);
    await mariadb.change(username, { password: 'first' });
    expect(await mariadb.works(username, 'first')).toBe(true);
  });

  test('a change that is repeated changes nothing, not even the time of the last one', async () => {
    const [username, [create]] = naming(`CREATE USER <app>@'%' ${FIRST}`);
    await mariadb.run(create);
    await mariadb.change(username);
    await mariadb.changeAlternate(username);
    const names = [username, `${username}_clone`];
    for (const name of names) {
      await mariadb.run(`UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed', 1000) WHERE User = '${name}'`);
    }
    await mariadb.run('FLUSH PRIVILEGES');
    await mariadb.change(username);
    await mariadb.changeAlternate(username);
    for (const name of names) {
      expect(await mariadb.stored(name)).toContain('"password_last_changed":1000');
    }
  });

  test('a role of the name is not a user', async () => {
    const [username, statements] = naming('CREATE ROLE <app>');
    await mariadb.run(...statements);
    await expect(mariadb.change(username)).rejects.toThrow('the user does not exist');
    await mariadb.change(username, { createWithRoles: [] });
    await mariadb.change(username, { password: 'third' });
    expect(await mariadb.works(username, 'third')).toBe(true);
  });

  test('what the superuser may not read is no reason to refuse', async () => {
    const [username, statements] = naming(
      `CREATE USER <app>@'%' ${FIRST}`, `CREATE USER reader@'%' ${FIRST}`, "GRANT CREATE USER ON *.* TO reader@'%'",
      "GRANT SELECT ON mysql.user TO reader@'%'", "GRANT SELECT ON mysql.roles_mapping TO reader@'%'",
      "GRANT UPDATE ON mysql.* TO reader@'%'",
    );
    await mariadb.run(...statements);
    await mariadb.in(await mariadb.signIn({ username: 'reader', password: 'first' }), async (session) =>
      session.changeUser({ username, password: 'second', token: 't' }));
    expect(await mariadb.works(username, 'second')).toBe(true);
  });

  describe('several accounts of a name', () => {
    const make = async (...hosts: string[]): Promise<string> => {
      const [username, statements] = naming(...hosts.map((host) => `CREATE USER <app>@'${host}' ${FIRST}`));
      await mariadb.run(...statements);
      return username;
    };
    const changeOwn = async (username: string): Promise<void> =>
      mariadb.in(await mariadb.signIn({ username, password: 'first' }), async (session) =>
        session.changeOwnPassword({ password: 'second', token: 't' }));

    test('are refused to the superuser', async () => {
      const username = await make('%', '10.%');
      const before = await mariadb.stored(username);
      await expect(mariadb.change(username)).rejects.toMatchObject({ errorClass: 'conflict' });
      await expect(mariadb.changeAlternate(username)).rejects.toThrow('several users of the name');
      expect(await mariadb.stored(username)).toBe(before);
    });

    test('are refused to the user itself, where it sees them', async () => {
      const username = await make('127.0.0.1', '10.%');
      await mariadb.run(`GRANT SELECT ON mysql.* TO ${username}@'127.0.0.1'`);
      const before = await mariadb.stored(username);
      await expect(changeOwn(username)).rejects.toMatchObject({ errorClass: 'conflict' });
      expect(await mariadb.stored(username)).toBe(before);
      await mariadb.run(`DROP USER ${username}@'10.%'`);
      await changeOwn(username);
      expect(await mariadb.works(username, 'second')).toBe(true);
    });

    test('that the user does not see are left as they are, as the documentation says', async () => {
      const username = await make('127.0.0.1', '10.%');
      await changeOwn(username);
      expect(await mariadb.works(username, 'second')).toBe(true);
    });
  });
});

requireServer('mariadb-plugins')('what MariaDB knows about a user, by other methods', () => {
  let mariadb: MariadbSessions;

  beforeAll(async () => {
    mariadb = await MariadbSessions.start();
    await mariadb.run("INSTALL SONAME 'auth_ed25519'");
  });

  afterAll(async () => mariadb.server.stop());

  test.each([
    ['alone', "ed25519 USING PASSWORD('first')", 'does not sign in with mysql_native_password'],
    ['beside a password', `ed25519 USING PASSWORD('first') OR ${NATIVE}`, 'another login method beside its password'],
  ])('ed25519 %s: no user of it is changed, and no clone gets a weaker method', async (_, method, says) => {
    const username = `ed${serial++}`;
    await mariadb.run(`CREATE USER ${username}@'%' IDENTIFIED VIA ${method}`);
    const before = await mariadb.stored(username);
    const refusal = { errorClass: 'configuration', message: expect.stringContaining(says) as string };
    await expect(mariadb.change(username)).rejects.toMatchObject(refusal);
    await expect(mariadb.changeAlternate(username)).rejects.toMatchObject(refusal);
    expect([await mariadb.stored(username), await mariadb.stored(`${username}_clone`)]).toEqual([before, '[]']);
    await mariadb.run(`ALTER USER ${username}@'%' IDENTIFIED VIA ${NATIVE}`);
    await mariadb.changeAlternate(username);
    expect(await mariadb.works(`${username}_clone`, 'second')).toBe(true);
  });
});

requireServer('mariadb')('a password beside the socket of MariaDB', () => {
  let mariadb: MariadbSessions;

  beforeAll(async () => {
    mariadb = await MariadbSessions.start();
  });

  afterAll(async () => mariadb.server.stop());

  test.each([`unix_socket OR ${NATIVE}`, `${NATIVE} OR unix_socket`])('%s: an error that took effect is a success', async (methods) => {
    const username = `sock${serial++}`;
    await mariadb.run(`CREATE USER ${username}@'%' IDENTIFIED VIA ${methods}`);
    await mariadb.change(username);
    expect(await mariadb.works(username, 'second')).toBe(true);
    await mariadb.in(await mariadb.signIn({ username, password: 'second' }), async (session) =>
      session.changeOwnPassword({ password: 'third', token: 't' }));
    expect(await mariadb.works(username, 'third')).toBe(true);
    await expect(mariadb.changeAlternate(username)).rejects.toThrow('another login method beside its password');
  });
});
