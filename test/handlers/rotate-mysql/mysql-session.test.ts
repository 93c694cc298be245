import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { cachingSha2Hash, saltFor } from '../../../handlers/rotate-mysql/caching-sha2-hash';
import { mysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import { createCertificates } from '../../servers/certificates';
import { MysqlError } from '../../servers/mysql-accounts';
import { MysqlPeer } from '../../servers/mysql-peer';

const certificates = createCertificates();
const CLONE = '`app_clone`@`%`';

describe('MySQL', () => {
  let peer: MysqlPeer;
  let session: CredentialSession;

  const signIn = async (username: string, password: string): Promise<CredentialSession> => mysqlTarget({
    region: 'eu-west-1',
    database: {
      engine: 'aurora-mysql',
      host: peer.host,
      port: peer.port,
      certificateAuthorities: certificates.authority.certificate,
    },
  }).signIn({ username, password }, new Deadline(systemClock, 120_000));

  /** The statements that change something. */
  const changes = (): string[] =>
    peer
      .statements()
      .split('\n')
      .filter((line) => /^(ALTER|CREATE|GRANT|REVOKE|DROP|SET DEFAULT)/.test(line));

  const works = async (username: string, password: string): Promise<boolean> =>
    signIn(username, password).then(
      async (opened) => {
        await opened.close();
        return true;
      },
      () => false,
    );

  beforeEach(async () => {
    peer = await MysqlPeer.start(certificates.good);
    peer.accounts.add('app', 'first');
    session = await signIn(peer.superuser.username, peer.superuser.password);
  });

  afterEach(async () => {
    await session.close();
    await peer.stop();
  });

  describe('a user that changes itself', () => {
    test('says its current password only where the server wants it', async () => {
      const own = await signIn('app', 'first');
      await own.changeOwnPassword({ password: "se'cond", token: 't' });
      expect(changes()).toEqual(["ALTER USER USER() IDENTIFIED BY 'se''cond'"]);
      await own.close();
      peer.accounts.entryOf('app')!.requireCurrent = true;
      const again = await signIn('app', "se'cond");
      await again.changeOwnPassword({ password: 'third', token: 't' });
      expect(changes().slice(1))
        .toEqual(["ALTER USER USER() IDENTIFIED BY 'third'", "ALTER USER USER() IDENTIFIED BY 'third' REPLACE 'se''cond'"]);
      await again.close();
      expect(await works('app', 'third')).toBe(true);
    });

    test('learns why it may not', async () => {
      const own = await signIn('app', 'first');
      peer.accounts.before = (sql) => {
        if (sql.startsWith('ALTER')) {
          throw new MysqlError(1819, 'HY000', 'Your password does not satisfy the current policy: second');
        }
      };
      const error: Error = await own.changeOwnPassword({ password: 'second', token: 't' })
        .then(() => new Error('none'), (thrown: Error) => thrown);
      expect(error).toMatchObject({ errorClass: 'configuration', code: '1819' });
      expect(error.message).not.toContain('second');
      await own.close();
    });
  });

  describe('a user that the superuser changes', () => {
    test('gets a hash whose salt is that of the version: repeating it changes nothing', async () => {
      await session.changeUser({ username: 'app', password: 'second', token: 'token-1' });
      const { hash } = peer.accounts.entryOf('app')!;
      await session.changeUser({ username: 'app', password: 'second', token: 'token-1' });
      expect(peer.accounts.entryOf('app')!.hash).toBe(hash);
      expect(hash).toBe(cachingSha2Hash('second', saltFor('app', 'token-1'), 5_000));
      expect(await works('app', 'second')).toBe(true);
      expect(peer.statements()).not.toContain('second');
    });

    test.each([
      ['has set it all the same', 9_999, /FROM mysql\.user/, { code: '9999', errorClass: 'conflict' }],
      ['has come to be read-only', 1290, /^SELECT CURRENT_USER/, { code: '1290', errorClass: 'configuration' }],
    ])('learns of a refusal where nobody can look whether the server %s', async (_, number, look, expected) => {
      let refused = false;
      peer.accounts.before = (sql) => {
        if (/^ALTER/.test(sql)) {
          refused = true;
          throw new MysqlError(number, 'HY000', 'refused');
        }
        if (refused && look.test(sql)) {
          throw new MysqlError(1927, '70100', 'Connection was killed');
        }
      };
      await expect(session.changeUser({ username: 'app', password: 'second', token: 't' })).rejects.toMatchObject(expected);
      expect(refused).toBe(true);
    });

    test.each([
      [10_000, '$A$00A$'],
      [undefined, '$A$005$'],
    ])('in as many rounds as the server does itself: %s', async (rounds, beginning) => {
      peer.accounts.digestRounds = rounds;
      await session.changeUser({ username: 'app', password: 'second', token: 't' });
      expect(peer.accounts.entryOf('app')!.hash.startsWith(beginning)).toBe(true);
      expect(await works('app', 'second')).toBe(true);
    });

    test.each([[4_095_000, 'configuration'], [10 ** 12, 'protocol']])(
      'is refused where the server wants more rounds than a function has time for: %i',
      async (rounds, errorClass) => {
        peer.accounts.digestRounds = rounds;
        await expect(session.changeUser({ username: 'app', password: 'x', token: 't' })).rejects.toMatchObject({ errorClass });
        expect(changes()).toEqual([]);
      },
    );

    test('keeps its older method', async () => {
      peer.accounts.add('old', 'first', { plugin: 'mysql_native_password' });
      await session.changeUser({ username: 'old', password: 'second', token: 't' });
      expect(peer.accounts.entryOf('old'))
        .toMatchObject({ plugin: 'mysql_native_password', hash: expect.stringMatching(/^\*[0-9A-F]{40}$/) });
      expect(await works('old', 'second')).toBe(true);
    });

    test('is refused with a method that is not rotated', async () => {
      peer.accounts.add('ldap', 'first', { plugin: 'authentication_ldap_simple' });
      await expect(session.changeUser({ username: 'ldap', password: 'x', token: 't' }))
        .rejects.toThrow('does not sign in with caching_sha2_password or mysql_native_password');
      expect(changes()).toEqual([]);
    });

    test('is refused where the name is that of several', async () => {
      peer.accounts.add('app', 'other', { host: '10.0.0.%' });
      await expect(session.changeUser({ username: 'app', password: 'x', token: 't' }))
        .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('several users') });
      expect(changes()).toEqual([]);
    });

    test('is changed for the host that it has', async () => {
      peer.accounts.add('near', 'first', { host: '10.0.0.%' });
      peer.accounts.add('near ', 'first');
      peer.accounts.clientHost = '10.0.0.7';
      const near = await signIn(peer.superuser.username, peer.superuser.password);
      await near.changeUser({ username: 'near', password: 'x', token: 't' });
      await near.close();
      expect(changes()).toEqual([
        expect.stringMatching(/^ALTER USER `near`@`10\.0\.0\.%` IDENTIFIED WITH caching_sha2_password AS '\$A\$005\$/),
      ]);
    });

    test.each(['SUPER', 'GRANT OPTION', 'CREATE USER', 'SYSTEM_USER', 'ROLE_ADMIN'])(
      "is refused with %s, its own or a role's",
      async (privilege) => {
        peer.accounts.add('boss', 'first', { privileges: new Set([privilege]) });
        peer.accounts.add('deputy', 'first', { roles: new Set(['`boss`@`%`']) });
        for (const username of ['boss', 'deputy']) {
          await expect(session.changeUser({ username, password: 'x', token: 't' }))
            .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('administrator') });
        }
        expect(changes()).toEqual([]);
      },
    );

    test('is created with its roles as those that sessions begin with', async () => {
      peer.accounts.add('reader', 'x');
      peer.accounts.add('writer', 'x');
      await session.changeUser({ username: 'new', password: 'second', token: 't', createWithRoles: ['reader', 'writer'] });
      expect(changes()).toEqual([
        expect.stringMatching(/^CREATE USER `new`@`%` IDENTIFIED WITH caching_sha2_password AS '.* ACCOUNT LOCK$/),
        'GRANT `reader`@`%`, `writer`@`%` TO `new`@`%`',
        'ALTER USER `new`@`%` DEFAULT ROLE `reader`@`%`, `writer`@`%`',
        'ALTER USER `new`@`%` ACCOUNT UNLOCK',
      ]);
      expect(await works('new', 'second')).toBe(true);
    });

    test('is not created with roles that do not exist', async () => {
      const creation = session.changeUser({ username: 'new', password: 'second', token: 't', createWithRoles: ['none'] });
      await expect(creation).rejects.toMatchObject({ errorClass: 'configuration', code: '3523' });
      expect(await works('new', 'second')).toBe(false);
    });

    test('is not created as an administrator', async () => {
      peer.accounts.add('boss', 'first', { privileges: new Set(['SUPER']) });
      peer.accounts.add('deputy', 'first', { roles: new Set(['`boss`@`%`']) });
      const creation = session.changeUser({ username: 'new', password: 'second', token: 't', createWithRoles: ['deputy'] });
      await expect(creation)
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('leave the role out') });
      expect(changes()).toEqual([]);
    });

    describe.each([
      ['changeUser', { username: 'new', password: 'second', token: 't' }],
      ['changeAlternate', { username: 'new_clone', base: 'new', password: 'second', token: 't' }],
    ] as const)('whose creation was interrupted: %s', (method, change) => {
      const createWithRoles = ['reader', 'writer'];
      const create = async (password: string): Promise<void> => {
        await session[method]({ ...change, base: 'new', password, token: password, createWithRoles });
      };

      beforeEach(() => createWithRoles.forEach((role) => peer.accounts.add(role, 'x')));

      test.each([/^GRANT/, /DEFAULT ROLE/, /ACCOUNT UNLOCK$/])('before %s: the next attempt finishes it', async (next) => {
        peer.accounts.before = (sql) => {
          if (next.test(sql)) {
            throw new MysqlError(1205, 'HY000', 'Lock wait timeout exceeded');
          }
        };
        await expect(create('second')).rejects.toMatchObject({ code: '1205' });
        expect(peer.accounts.entryOf('new')!.locked).toBe(true);
        peer.accounts.before = undefined;
        await create('third');
        expect(peer.accounts.entryOf('new')).toMatchObject({
          locked: false, roles: new Set(['`reader`@`%`', '`writer`@`%`']), defaultRoles: ['`reader`@`%`', '`writer`@`%`'],
        });
        expect(await works(change.username, 'third')).toBe(true);
      });

      test.each([
        ['another role', { roles: new Set(['`other`@`%`', '`reader`@`%`']) }],
        ['a right', { privileges: new Set(['GRANT SELECT ON `orders`.* TO `new`@`%`']) }],
        ['another host', { host: '10.0.0.%' }],
      ])('one that was locked by somebody else stays so: it has %s', async (_, traits) => {
        peer.accounts.add('other', 'x');
        peer.accounts.add('new', 'first', { locked: true, ...traits });
        await expect(create('second'))
          .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('locked') });
        expect(changes()).toEqual([]);
      });
    });
  });

  describe('two passwords', () => {
    const rotate = async (password: string, retain: string, token = password): Promise<void> =>
      session.changeUser({ username: 'app', password, token, retain });
    const known = async (...passwords: string[]): Promise<boolean[]> =>
      Promise.all(passwords.map(async (password) => works('app', password)));

    test('three in a row: the former one works until the next', async () => {
      await rotate('second', 'first');
      expect(await known('first', 'second')).toEqual([true, true]);
      await rotate('third', 'second');
      expect(await known('first', 'second', 'third')).toEqual([false, true, true]);
      await rotate('fourth', 'third');
      expect(await known('second', 'third', 'fourth')).toEqual([false, true, true]);
      expect(changes().every((statement) => statement.endsWith(' RETAIN CURRENT PASSWORD'))).toBe(true);
      expect(changes()).toHaveLength(3);
    });

    test('said again it changes nothing: the one that clients hold would be lost', async () => {
      await rotate('second', 'first');
      await rotate('second', 'first');
      expect(changes()).toHaveLength(1);
      expect(await known('first', 'second')).toEqual([true, true]);
    });

    test('after a rotation that was given up, what clients hold goes on working', async () => {
      await rotate('given up', 'first');
      await rotate('second', 'first');
      expect(await known('first', 'given up', 'second')).toEqual([true, false, true]);
      expect(changes()[1]).not.toContain('RETAIN');
    });

    test('where what clients hold does not work, the former one is discarded', async () => {
      await rotate('second', 'first');
      await rotate('third', 'unknown');
      expect(await known('first', 'second', 'third')).toEqual([false, false, true]);
      expect(changes()[1]).toBe('ALTER USER `app`@`%` DISCARD OLD PASSWORD');
    });

    test('heals a value that does not work, where there is no former one', async () => {
      await rotate('second', 'unknown');
      expect(await known('first', 'second')).toEqual([false, true]);
      expect(changes()).toHaveLength(1);
    });

    const end = async (password: string): Promise<void> =>
      session.changeUser({ username: 'app', password, token: password, discardOthers: true });

    test('the former one is discarded, which said again changes nothing', async () => {
      await rotate('second', 'first');
      await end('second');
      expect(await known('first', 'second')).toEqual([false, true]);
      await end('second');
      expect(changes().slice(1)).toEqual(['ALTER USER `app`@`%` DISCARD OLD PASSWORD']);
    });

    test('where what clients hold is the second one, it becomes the only one, and works all the while', async () => {
      await rotate('second', 'first');
      peer.accounts.before = () => expect(peer.accounts.accepts(peer.accounts.entryOf('app')!, 'first')).toBe(true);
      await end('first');
      expect(await known('first', 'second')).toEqual([true, false]);
    });

    test('one that has expired is set again', async () => {
      peer.accounts.entryOf('app')!.expired = true;
      await end('first');
      expect([peer.accounts.entryOf('app')!.expired, ...await known('first')]).toEqual([false, true]);
    });

    test('with the older method', async () => {
      peer.accounts.add('old', 'first', { plugin: 'mysql_native_password' });
      await session.changeUser({ username: 'old', password: 'second', token: 't', retain: 'first' });
      expect([await works('old', 'first'), await works('old', 'second')]).toEqual([true, true]);
    });
  });

  describe('the alternate user', () => {
    const change = { username: 'app_clone', base: 'app', password: 'second', token: 't' };

    test('has its base as its one role, and its demands', async () => {
      peer.accounts.entryOf('app')!.demands = 'REQUIRE SSL WITH MAX_USER_CONNECTIONS 7';
      await session.changeAlternate({ ...change, createWithRoles: [] });
      expect(changes()).toEqual([
        expect.stringMatching(new RegExp(`^CREATE USER ${CLONE} IDENTIFIED WITH caching_sha2_password AS '[^']{70}' REQUIRE SSL `
          + 'WITH MAX_QUERIES_PER_HOUR 0 '
          + 'MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_USER_CONNECTIONS 7 PASSWORD EXPIRE DEFAULT '
          + 'PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT$')),
        `GRANT \`app\`@\`%\` TO ${CLONE}`,
        `ALTER USER ${CLONE} DEFAULT ROLE \`app\`@\`%\``,
      ]);
      const own = await signIn('app_clone', 'second');
      expect(own.identity).toEqual({ username: 'app_clone', actingAs: 'app' });
      await own.close();
    });

    test('that has lost its role acts as itself', async () => {
      await session.changeAlternate(change);
      peer.accounts.entryOf('app_clone')!.defaultRoles = [];
      const own = await signIn('app_clone', 'second');
      expect(own.identity.actingAs).toBe('app_clone');
      await own.close();
    });

    test.each([1, 2])('that was left half made, after %d statements, is finished', async (statements) => {
      let left = statements;
      peer.accounts.before = (sql) => {
        if (/^(CREATE|GRANT|ALTER)/.test(sql) && left-- === 0) {
          throw new MysqlError(1053, '08S01', 'Server shutdown in progress');
        }
      };
      await expect(session.changeAlternate(change)).rejects.toMatchObject({ errorClass: 'unavailable' });
      peer.accounts.before = undefined;
      await session.changeAlternate({ ...change, password: 'third', token: 'another' });
      const own = await signIn('app_clone', 'third');
      expect(own.identity.actingAs).toBe('app');
      await own.close();
    });

    test.each([
      ['rights of its own', { privileges: new Set([`GRANT SELECT ON \`other\`.* TO ${CLONE}`]) }],
      ['another role', { roles: new Set(['`reader`@`%`']) }],
    ])('that somebody has made with %s is not taken over', async (_, options) => {
      peer.accounts.add('app_clone', 'theirs', options);
      await expect(session.changeAlternate(change))
        .rejects.toMatchObject({ errorClass: 'conflict', message: expect.stringContaining('not one that this function made') });
      expect(await works('app_clone', 'theirs')).toBe(true);
      expect(changes()).toEqual([]);
    });

    test('that somebody has made for another host is not taken over', async () => {
      peer.accounts.add('app_clone', 'theirs', { host: '10.0.0.1' });
      await expect(session.changeAlternate(change)).rejects.toThrow('for another host than its base');
    });

    test('that administers is not taken over', async () => {
      peer.accounts.add('app_clone', 'theirs', { privileges: new Set(['SUPER']) });
      await expect(session.changeAlternate(change)).rejects.toThrow('administrator of the server');
    });

    test('is not made of an administrator, nor of the superuser itself', async () => {
      peer.accounts.add('boss', 'first', { privileges: new Set(['SUPER']) });
      await expect(session.changeAlternate({ ...change, base: 'boss', username: 'boss_clone' }))
        .rejects.toThrow('administrator of the server');
      await expect(session.changeAlternate({ ...change, base: 'admin', username: 'admin_clone' }))
        .rejects.toThrow('the superuser itself');
      expect(changes()).toEqual([]);
    });

    test('of a base that does not exist: both are made, and nobody knows the password of the base', async () => {
      await session.changeAlternate({ ...change, base: 'new', username: 'new_clone', createWithRoles: [] });
      expect(changes()).toHaveLength(4);
      expect(await works('new', 'second')).toBe(false);
      expect(await works('new', '')).toBe(false);
      expect(await works('new_clone', 'second')).toBe(true);
    });
  });
});
