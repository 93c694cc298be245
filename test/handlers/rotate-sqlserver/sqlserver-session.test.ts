import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { AlternateChange, CredentialSession } from '../../../handlers/database/credential-target';
import { alternateLoginSid, alternateUserSid } from '../../../handlers/rotate-sqlserver/alternate-sid';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';
import { createCertificates } from '../../servers/certificates';
import { type PeerLogin, permission, SqlserverError } from '../../servers/sqlserver-catalogue';
import { SqlserverPeer } from '../../servers/sqlserver-peer';

const certificates = createCertificates();
const FIRST = 'First-1st';
const SECOND = 'Second-2nd';
/** Of the server to somebody who makes an alternate user. */
const FEWEST_ANSWERS = 3;

/** A batch that changes a database, from which no trigger gets back to the superuser. */
const asOwner = (database: string, statements: string[], first: string[] = []): string => [
  `USE [${database}]`, 'SET XACT_ABORT ON', 'BEGIN TRANSACTION', ...first,
  'DECLARE @cookie varbinary(8000)', "EXECUTE AS USER = N'dbo' WITH COOKIE INTO @cookie", ...statements,
  'REVERT WITH COOKIE = @cookie', 'COMMIT TRANSACTION',
].join('; ');

describe('SQL Server', () => {
  let peer: SqlserverPeer;
  let session: CredentialSession;

  const signIn = async (username: string, password: string, databaseName?: string): Promise<CredentialSession> => {
    const { host, port } = peer;
    const database = { engine: 'sqlserver', host, port, certificateAuthorities: certificates.authority.certificate };
    const credentials = { username, password, databaseName };
    return new SqlserverTarget({ region: 'eu-west-1', database }).signIn(credentials, new Deadline(systemClock, 120_000));
  };
  const asSuperuser = async (databaseName?: string): Promise<CredentialSession> => {
    const { username, password } = peer.superuser;
    return signIn(username, password, databaseName);
  };

  /** The batches that change something. */
  const changes = (): string[] =>
    peer
      .statements()
      .split('\n')
      .filter((line) => /(^|; )(ALTER|CREATE|GRANT|DENY|REVOKE|DROP) /.test(line));

  const works = async (...credentials: Parameters<typeof signIn>): Promise<boolean> =>
    signIn(...credentials).then(
      async (opened) => {
        await opened.close();
        return true;
      },
      () => false,
    );

  beforeEach(async () => {
    peer = await SqlserverPeer.start(certificates.good);
    peer.accounts.addLogin('app', FIRST);
    peer.accounts.addDatabase('home');
    peer.accounts.addDatabase('box', { contained: true });
    session = await asSuperuser();
  });

  afterEach(async () => {
    await session.close();
    await peer.stop();
  });

  describe('a user that changes itself', () => {
    test('says the password that it signed in with, as a login and as a user of a database', async () => {
      const own = await signIn('app', FIRST);
      await own.changeOwnPassword({ password: "Se'cond-2", token: 't' });
      await own.close();
      peer.accounts.addUser('box', 'inside]', { password: FIRST });
      const inside = await signIn('inside]', FIRST, 'box');
      await inside.changeOwnPassword({ password: SECOND, token: 't' });
      await inside.close();
      expect(changes()).toEqual([
        `ALTER LOGIN [app] WITH PASSWORD = N'Se''cond-2' OLD_PASSWORD = N'${FIRST}'`,
        `ALTER USER [inside]]] WITH PASSWORD = N'${SECOND}' OLD_PASSWORD = N'${FIRST}'`,
      ]);
      expect([await works('app', "Se'cond-2"), await works('inside]', SECOND, 'box')]).toEqual([true, true]);
    });

    test.each([
      [15118, 'configuration'], [15114, 'configuration'], [15151, 'permission'], [3906, 'readOnly'], [99999, 'conflict'],
    ])('learns why it may not: %d', async (number, errorClass) => {
      const own = await signIn('app', FIRST);
      peer.accounts.before = (statement) => {
        if (statement.startsWith('ALTER')) {
          throw new SqlserverError(number, `${statement} failed`);
        }
      };
      const error: Error = await own.changeOwnPassword({ password: SECOND, token: 't' })
        .then(() => new Error('none'), (thrown: Error) => thrown);
      expect(error).toMatchObject({ errorClass, code: String(number) });
      expect(JSON.stringify([error, error.message, error.stack])).not.toContain(SECOND);
      await own.close();
    });

    test('does not do so in a database that accepts no changes', async () => {
      peer.accounts.addUser('box', 'inside', { password: FIRST });
      peer.accounts.database('box').readOnly = true;
      const inside = await signIn('inside', FIRST, 'box');
      await expect(inside.changeOwnPassword({ password: SECOND, token: 't' })).rejects.toMatchObject({ errorClass: 'readOnly' });
      await inside.close();
      expect(changes()).toEqual([]);
    });
  });

  describe('a user that the superuser changes', () => {
    const change = { username: 'app', password: SECOND, token: 't' };

    test('gets a password and nothing else, once more if asked once more', async () => {
      await session.changeUser(change);
      await session.changeUser(change);
      expect(changes()).toEqual(Array.from({ length: 2 }, () => `USE [master]; ALTER LOGIN [app] WITH PASSWORD = N'${SECOND}'`));
      expect(await works('app', SECOND)).toBe(true);
    });

    test('is changed in its database where that has let it in', async () => {
      peer.accounts.addUser('box', 'inside', { password: FIRST });
      const inBox = await asSuperuser('box');
      await inBox.changeUser({ ...change, username: 'inside' });
      await inBox.close();
      expect(changes()).toEqual([asOwner('box', [`ALTER USER [inside] WITH PASSWORD = N'${SECOND}'`])]);
    });

    test('is refused where there is a login and a user of the name', async () => {
      peer.accounts.addUser('box', 'app', { password: FIRST });
      const inBox = await asSuperuser('box');
      await expect(inBox.changeUser(change)).rejects
        .toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('drop one') });
      await inBox.close();
      expect(changes()).toEqual([]);
    });

    test.each([
      ['a member of sysadmin', { roles: ['sysadmin'] }], ['a member of securityadmin', { roles: ['reader', 'securityadmin'] }],
      ['one with CONTROL SERVER', { permissions: [permission(100, 'CONTROL SERVER')] }],
      ['one that may act as another login', { permissions: [permission(101, 'IMPERSONATE', { kind: 'LOGIN', name: 'sa' })] }],
    ])('is refused where it administers the server: %s', async (_, options: Partial<PeerLogin>) => {
      peer.accounts.addLogin('boss', FIRST, options);
      await expect(session.changeUser({ ...change, username: 'boss' }))
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('administrator') });
      await expect(session.changeAlternate({ ...change, base: 'boss', username: 'boss_clone' })).rejects.toThrow('administrator');
      expect(changes()).toEqual([]);
    });

    test('is created with its roles in the database of the deployment', async () => {
      const atHome = await asSuperuser('home');
      await atHome.changeUser({ ...change, username: 'new', createWithRoles: ['reader', 'it]s'] });
      await atHome.close();
      expect(changes()).toEqual([
        asOwner('home', [
          'CREATE USER [new] FOR LOGIN [new]', 'ALTER ROLE [reader] ADD MEMBER [new]', 'ALTER ROLE [it]]s] ADD MEMBER [new]',
        ], [`CREATE LOGIN [new] WITH PASSWORD = N'${SECOND}', DEFAULT_DATABASE = [home]`]),
      ]);
      expect(await works('new', SECOND)).toBe(true);
    });

    test('is created without a database where the deployment names none, and without roles', async () => {
      await session.changeUser({ ...change, username: 'new', createWithRoles: [] });
      expect(changes()).toEqual([`USE [master]; CREATE LOGIN [new] WITH PASSWORD = N'${SECOND}'`]);
      await expect(session.changeUser({ ...change, username: 'other', createWithRoles: ['reader'] }))
        .rejects.toThrow('the deployment has to name one');
    });

    test('is not half created where a role does not exist', async () => {
      const atHome = await asSuperuser('home');
      await expect(atHome.changeUser({ ...change, username: 'new', createWithRoles: ['missing'] }))
        .rejects.toMatchObject({ errorClass: 'permission', code: '15151' });
      await atHome.close();
      expect(peer.accounts.logins.some(({ name }) => name === 'new')).toBe(false);
    });
  });

  describe('the alternate login', () => {
    const change: AlternateChange = { username: 'app_clone', base: 'app', password: SECOND, token: 't' };
    const base = (): PeerLogin => peer.accounts.login('app');
    const clone = (): PeerLogin => peer.accounts.login('app_clone');

    test('is made with an identifier that shows whose it is, and with what its base has', async () => {
      Object.assign(base(), {
        defaultDatabase: 'home',
        defaultLanguage: 'Deutsch',
        policyChecked: true,
        expirationChecked: true,
        roles: ['bulkadmin'],
      });
      base().permissions.push(permission(100, 'VIEW SERVER STATE', { state: 'W' }));
      peer.accounts.addUser('home', 'mapped', {
        sid: base().sid,
        roles: ['reader'],
        defaultSchema: 'app',
        permissions: [
          permission(0, 'CONNECT'),
          permission(1, 'SELECT', { schema: 'sa]les', name: 'orders', column: 'total' }),
          permission(3, 'EXECUTE', { name: 'app', state: 'D' }),
        ],
        owns: [{ class: 3, schema: null, name: 'app' }],
      });
      await session.changeAlternate(change);
      expect(changes()).toEqual([
        `USE [master]; CREATE LOGIN [app_clone] WITH PASSWORD = N'${SECOND}', SID = `
          + `${alternateLoginSid(base().sid, 'app_clone')}, DEFAULT_DATABASE = [home], `
        + 'DEFAULT_LANGUAGE = [Deutsch], CHECK_POLICY = ON, CHECK_EXPIRATION = ON',
        'USE [master]; SET XACT_ABORT ON; BEGIN TRANSACTION; ALTER SERVER ROLE [bulkadmin] ADD MEMBER [app_clone]; '
        + 'GRANT VIEW SERVER STATE TO [app_clone] WITH GRANT OPTION; COMMIT TRANSACTION',
        asOwner('home', ['CREATE USER [app_clone] FOR LOGIN [app_clone]']),
        asOwner('home', [
          'ALTER USER [app_clone] WITH DEFAULT_SCHEMA = [app]', 'ALTER ROLE [reader] ADD MEMBER [app_clone]',
          'GRANT SELECT ON OBJECT::[sa]]les].[orders] ([total]) TO [app_clone]',
          'DENY EXECUTE ON SCHEMA::[app] TO [app_clone] CASCADE', 'GRANT CONTROL ON SCHEMA::[app] TO [app_clone]',
        ]),
      ]);
      expect(clone())
        .toMatchObject({ defaultDatabase: 'home', defaultLanguage: 'Deutsch', expirationChecked: true, roles: ['bulkadmin'] });
      expect(await works('app_clone', SECOND, 'home')).toBe(true);
    });

    test('gets the defaults of the server where those of its base are hidden', async () => {
      Object.assign(base(), { defaultDatabase: null, defaultLanguage: null });
      await session.changeAlternate(change);
      expect(changes()).toEqual([expect.stringMatching(/, SID = 0x[0-9A-F]{32}, CHECK_POLICY = ON, CHECK_EXPIRATION = OFF$/)]);
    });

    test('of the owner of a database is in the role of its owners', async () => {
      peer.accounts.addUser('home', 'dbo', {
        id: 1,
        sid: base().sid,
        roles: ['db_owner'],
        owns: [{ class: 3, schema: null, name: 'dbo' }],
      } as object);
      await session.changeAlternate(change);
      expect(peer.accounts.user('home', 'app_clone'))
        .toMatchObject({ roles: ['db_owner'], permissions: [permission(0, 'CONNECT')] });
    });

    test('gets a password alone where it has what its base has', async () => {
      await session.changeAlternate(change);
      const before = changes().length;
      await session.changeAlternate({ ...change, password: 'Third-3rd' });
      expect(changes().slice(before)).toEqual(["USE [master]; ALTER LOGIN [app_clone] WITH PASSWORD = N'Third-3rd', "
        + 'DEFAULT_DATABASE = [master], DEFAULT_LANGUAGE = [us_english]']);
    });

    test('gets the policies of its base, also after those were changed, and where it had to change its password', async () => {
      Object.assign(base(), { policyChecked: false, expirationChecked: false });
      await session.changeAlternate(change);
      expect(clone()).toMatchObject({ policyChecked: false, expirationChecked: false });
      Object.assign(base(), { policyChecked: true, expirationChecked: true });
      await session.changeAlternate(change);
      expect(clone()).toMatchObject({ policyChecked: true, expirationChecked: true });
      Object.assign(base(), { expirationChecked: false });
      clone().mustChange = true;
      const before = changes().length;
      await session.changeAlternate({ ...change, password: 'Third-3rd' });
      expect(changes().slice(before)).toEqual([expect.stringContaining('ALTER LOGIN [app_clone] WITH PASSWORD = ')]);
      expect(changes()[before])
        .toMatch(/; ALTER LOGIN \[app_clone\] WITH CHECK_POLICY = ON, CHECK_EXPIRATION = OFF; COMMIT TRANSACTION$/);
      expect(clone()).toMatchObject({ policyChecked: true, expirationChecked: false, mustChange: false });
    });

    test('is not made of a base with a credential of the server, which it would not have', async () => {
      base().hasCredential = true;
      await expect(session.changeAlternate(change))
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('DROP CREDENTIAL') });
      expect(changes()).toEqual([]);
      base().hasCredential = false;
      await session.changeAlternate(change);
    });

    test('is not taken over where its base is gone, which nobody makes for it either', async () => {
      await session.changeAlternate(change);
      peer.accounts.logins.splice(peer.accounts.logins.indexOf(base()), 1);
      const before = changes().length;
      await expect(session.changeAlternate({ ...change, createWithRoles: [] })).rejects.toMatchObject({ errorClass: 'conflict' });
      expect(changes()).toHaveLength(before);
    });

    test('gains and loses what its base has gained and lost, on the server and in each database', async () => {
      const user = peer.accounts.addUser('home', 'app', { sid: base().sid, roles: ['reader'] });
      user.permissions.push(
        permission(3, 'SELECT', { name: 'a', state: 'W' }),
        permission(3, 'INSERT', { name: 'a' }),
        permission(3, 'DELETE', { name: 'a' }),
      );
      base().roles = ['bulkadmin'];
      await session.changeAlternate(change);
      user.roles = ['writer'];
      user.permissions = [
        permission(0, 'CONNECT'),
        permission(3, 'SELECT', { name: 'a' }),
        permission(3, 'INSERT', { name: 'a', state: 'W' }),
        permission(3, 'UPDATE', { name: 'a' }),
      ];
      base().roles = [];
      base().permissions.push(permission(100, 'ALTER TRACE'));
      const before = changes().length;
      await session.changeAlternate(change);
      expect(changes().slice(before + 1)).toEqual([
        'USE [master]; SET XACT_ABORT ON; BEGIN TRANSACTION; ALTER SERVER ROLE [bulkadmin] DROP MEMBER [app_clone]; GRANT ALTER '
          + 'TRACE TO [app_clone]; COMMIT TRANSACTION',
        asOwner('home', [
          'ALTER ROLE [reader] DROP MEMBER [app_clone]', 'ALTER ROLE [writer] ADD MEMBER [app_clone]',
          'REVOKE DELETE ON SCHEMA::[a] FROM [app_clone] CASCADE',
          'REVOKE GRANT OPTION FOR SELECT ON SCHEMA::[a] FROM [app_clone] CASCADE',
          'GRANT INSERT ON SCHEMA::[a] TO [app_clone] WITH GRANT OPTION', 'GRANT UPDATE ON SCHEMA::[a] TO [app_clone]',
        ]),
      ]);
      expect(peer.accounts.user('home', 'app_clone').permissions).toEqual(expect.arrayContaining(user.permissions));
      expect(peer.accounts.user('home', 'app_clone').permissions).toHaveLength(user.permissions.length);
    });

    test('loses all where its base is no user any more, and is in no database that nobody may open or change', async () => {
      peer.accounts.addUser('home', 'app', { sid: base().sid, roles: ['reader'] });
      for (const [name, options] of [['closed', { open: false }], ['archive', { readOnly: true }]] as const) {
        peer.accounts.addDatabase(name, options);
        peer.accounts.addUser(name, 'app', { sid: base().sid });
      }
      await session.changeAlternate(change);
      peer.accounts.database('home').users.shift();
      await session.changeAlternate(change);
      expect(peer.accounts.user('home', 'app_clone')).toMatchObject({ roles: [], permissions: [] });
      expect(['closed', 'archive'].flatMap((name) => peer.accounts.database(name).users.map((user) => user.name)))
        .toEqual(['app', 'app']);
    });

    test.each([
      ['another identifier', {}], ['that of another base', { sid: alternateLoginSid('0x00', 'app_clone') }],
    ])('that somebody has made, with %s, is not taken over', async (_, options) => {
      peer.accounts.addLogin('app_clone', FIRST, options);
      await expect(session.changeAlternate(change))
        .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('not one that this function made') });
      expect(await works('app_clone', FIRST)).toBe(true);
      expect(changes()).toEqual([]);
    });

    test('that was made an administrator is not touched', async () => {
      peer.accounts.addLogin('app_clone', FIRST, { sid: alternateLoginSid(base().sid, 'app_clone'), roles: ['sysadmin'] });
      await expect(session.changeAlternate(change)).rejects.toThrow('administrator');
    });

    test('whose name is that of somebody else in a database is refused there', async () => {
      peer.accounts.addUser('home', 'app', { sid: base().sid });
      peer.accounts.addUser('home', 'app_clone');
      await expect(session.changeAlternate(change)).rejects.toMatchObject({ errorClass: 'conflict', code: '15023' });
    });

    test.each(['app', 'app_clone'])('is not that of the superuser: %s', async (username) => {
      peer.accounts.addLogin('app_clone', FIRST);
      Object.assign(peer.accounts.login(username), { superuser: true, password: FIRST });
      const own = await signIn(username, FIRST);
      await expect(own.changeAlternate(change)).rejects.toThrow('the superuser itself');
      await own.close();
    });

    test('of a base that does not exist: both are made, and nobody knows the password of the base', async () => {
      await session.changeAlternate({ ...change, base: 'new', username: 'new_clone', createWithRoles: [] });
      expect(changes()).toHaveLength(2);
      expect([await works('new', SECOND), await works('new', ''), await works('new_clone', SECOND)])
        .toEqual([false, false, true]);
    });

    test('of a base that is gone the moment after is not made', async () => {
      peer.accounts.before = (statement) => {
        if (statement.startsWith('CREATE LOGIN')) {
          setImmediate(() => peer.accounts.logins.splice(0, peer.accounts.logins.length, peer.accounts.login('admin')));
        }
      };
      await expect(session.changeAlternate({ ...change, base: 'new', username: 'new_clone', createWithRoles: [] }))
        .rejects.toThrow('is gone');
    });

    test.each(['app', 'new'])(
      'after a connection that was cut at any answer, another attempt makes it what it should be: of %s',
      async (name) => {
        let answers = 0;
        for (let cut = true; cut; answers++) {
          peer.accounts.logins.splice(0, peer.accounts.logins.length, peer.accounts.login('admin'));
          peer.accounts.database('home').users.length = 0;
          if (name === 'app') {
            const { sid } = peer.accounts.addLogin('app', FIRST, { roles: ['bulkadmin'] });
            peer.accounts.addUser('home', 'app', { sid, roles: ['reader', 'writer'] });
          }
          const wanted = {
            ...change,
            base: name,
            username: `${name}_clone`,
            createWithRoles: name === 'app' ? undefined : ['reader', 'writer'],
          };
          const first = await asSuperuser('home');
          peer.cutAfter = answers;
          const failure = await first.changeAlternate(wanted).then(() => undefined, (error: { errorClass?: string }) => error);
          cut = peer.cutAfter < 0;
          expect(failure?.errorClass ?? failure).toBe(cut ? 'network' : undefined);
          peer.cutAfter = Infinity;
          await first.close();
          const second = await asSuperuser('home');
          await second.changeAlternate({ ...wanted, password: 'Third-3rd', token: 'another' });
          await second.close();
          expect(await works(`${name}_clone`, 'Third-3rd', 'home')).toBe(true);
          expect(peer.accounts.user('home', `${name}_clone`).roles).toEqual(['reader', 'writer']);
          expect(peer.accounts.login(`${name}_clone`).roles).toEqual(name === 'app' ? ['bulkadmin'] : []);
        }
        // One for each answer, and one that was not cut.
        expect(answers).toBeGreaterThan(FEWEST_ANSWERS);
      },
      120_000,
    );
  });

  describe('the alternate of a user that is contained in a database', () => {
    const change: AlternateChange = { username: 'inside_clone', base: 'inside', password: SECOND, token: 't' };

    beforeEach(async () => {
      peer.accounts.addUser('box', 'inside', {
        password: FIRST,
        roles: ['reader'],
        defaultSchema: 'app',
        defaultLanguage: 'Deutsch',
      });
      await session.close();
      session = await asSuperuser('box');
    });

    test('is made in the database, with an identifier that shows whose it is', async () => {
      await session.changeAlternate(change);
      const { sid } = peer.accounts.user('box', 'inside');
      expect(changes()).toEqual([
        asOwner('box', [
          `CREATE USER [inside_clone] WITH PASSWORD = N'${SECOND}', DEFAULT_LANGUAGE = [Deutsch], SID = `
            + alternateUserSid(sid, 'inside_clone'),
        ]),
        asOwner('box', [
          'ALTER USER [inside_clone] WITH DEFAULT_SCHEMA = [app]', 'ALTER ROLE [reader] ADD MEMBER [inside_clone]',
        ]),
      ]);
      await session.changeAlternate({ ...change, password: 'Third-3rd' });
      expect(changes().slice(2))
        .toEqual([asOwner('box', ["ALTER USER [inside_clone] WITH PASSWORD = N'Third-3rd', DEFAULT_LANGUAGE = [Deutsch]"])]);
      expect(await works('inside_clone', 'Third-3rd', 'box')).toBe(true);
    });

    test.each(['user', 'login'] as const)('that somebody has made is not taken over: a %s', async (kind) => {
      if (kind === 'user') {
        peer.accounts.addUser('box', 'inside_clone', { password: FIRST });
      } else {
        peer.accounts.addLogin('inside_clone', FIRST);
      }
      await expect(session.changeAlternate(change)).rejects.toMatchObject({ errorClass: 'conflict' });
      expect(changes()).toEqual([]);
    });
  });
});
