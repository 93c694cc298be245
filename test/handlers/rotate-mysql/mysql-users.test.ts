import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { mysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import { createCertificates } from '../../servers/certificates';
import { MysqlError, type PeerAccount } from '../../servers/mysql-accounts';
import { MysqlPeer } from '../../servers/mysql-peer';

const certificates = createCertificates();
const NATIVE = 'mysql_native_password';
const DEMANDS = 'REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 0 MAX_CONNECTIONS_PER_HOUR 0 '
  + 'MAX_USER_CONNECTIONS 3';

describe('a user of MySQL', () => {
  let peer: MysqlPeer;

  const signIn = async (username: string, password: string, plainPasswordStatement?: true): Promise<CredentialSession> =>
    mysqlTarget({
      region: 'eu-west-1',
      database: {
        engine: 'mysql',
        host: peer.host,
        port: peer.port,
        certificateAuthorities: certificates.authority.certificate,
        plainPasswordStatement,
      },
    }).signIn({ username, password }, new Deadline(systemClock, 120_000));

  const asSuperuser = async (work: (session: CredentialSession) => Promise<void>, plain?: true): Promise<void> => {
    const session = await signIn(peer.superuser.username, peer.superuser.password, plain);
    await work(session).finally(async () => session.close());
  };

  const asItself = async (password = 'second'): Promise<void> => {
    const own = await signIn('app', 'first');
    await own.changeOwnPassword({ password, token: 't' }).finally(async () => own.close());
  };

  const change = async (more: { token?: string; retain?: string; plain?: true } = {}): Promise<void> =>
    asSuperuser(
      async (session) => session.changeUser({ username: 'app', password: 'second', token: 't', retain: more.retain, ...more }),
      more.plain,
    );

  const changeAlternate = async (password = 'second', plain?: true): Promise<void> => asSuperuser(
    async (session) => session.changeAlternate({ base: 'app', username: 'app_clone', password, token: 't' }),
    plain,
  );

  const changes = (): string[] =>
    peer.statements().split('\n').filter((line) => /^(ALTER|CREATE|GRANT|SET PASSWORD)/.test(line));

  const works = async (username: string, password: string): Promise<boolean> => signIn(username, password).then(
    async (opened) => {
      await opened.close();
      return true;
    },
    () => false,
  );

  beforeEach(async () => {
    peer = await MysqlPeer.start(certificates.good);
    peer.accounts.digestRounds = 5_000;
    peer.accounts.add('app', 'first');
  });

  afterEach(async () => peer.stop());

  test.each<[string, Partial<PeerAccount>, string, Partial<PeerAccount>]>([
    ['is locked', { locked: true }, 'ACCOUNT UNLOCK', { locked: false }],
    ['needs a certificate', { demands: 'REQUIRE X509' }, 'REQUIRE SSL', { demands: 'REQUIRE SSL' }],
    ['needs another cipher', { demands: "REQUIRE CIPHER 'x'" }, 'cipher', { demands: "REQUIRE CIPHER 'TLS_AES_256_GCM_SHA384'" }],
    ['has a second factor', { factors: 1 }, 'second factor', { factors: undefined }],
    ['has a method that is not supported', { plugin: 'sha256_password' }, 'does not sign in with', { plugin: NATIVE }],
    ['has tokens of IAM', { plugin: 'AWSAuthenticationPlugin' }, 'tokens of IAM', { plugin: NATIVE }],
  ])('that %s is refused before anything is changed, and rotated once that is corrected', async (_, state, says, corrected) => {
    Object.assign(peer.accounts.entryOf('app')!, state);
    const refusal = { errorClass: 'configuration', message: expect.stringContaining(says) as string };
    await expect(change()).rejects.toMatchObject(refusal);
    await expect(changeAlternate()).rejects.toMatchObject(refusal);
    expect(changes()).toEqual([]);
    Object.assign(peer.accounts.entryOf('app')!, corrected);
    await change();
    expect(await works('app', 'second')).toBe(true);
  });

  test.each(['10.0.0.0/8', '10.%', '10.0.0.0/255.255.0.0'])('for %s is refused from elsewhere', async (host) => {
    peer.accounts.add('near', 'first', { host });
    const changeNear = async (): Promise<void> =>
      asSuperuser(async (session) => session.changeUser({ username: 'near', password: 'second', token: 't' }));
    await expect(changeNear()).rejects.toThrow('RENAME USER');
    peer.accounts.clientHost = '10.0.9.9';
    await changeNear();
    expect(await works('near', 'second')).toBe(true);
  });

  test('that is changed again to the same password is left alone, unless the password has expired', async () => {
    await change();
    await change();
    expect(changes()).toHaveLength(1);
    peer.accounts.entryOf('app')!.expired = true;
    await change();
    expect(changes()).toHaveLength(2);
    await changeAlternate();
    await changeAlternate();
    const set = changes().filter((sql) => sql.includes('`app_clone`') && sql.includes('IDENTIFIED'));
    expect(set).toHaveLength(1);
    peer.accounts.entryOf('app_clone')!.expired = true;
    await changeAlternate();
    expect(changes().filter((sql) => sql.includes('`app_clone`') && sql.includes('IDENTIFIED'))).toHaveLength(2);
  });

  test.each([
    'PASSWORD EXPIRE DEFAULT PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT',
    'PASSWORD EXPIRE NEVER PASSWORD HISTORY 5 PASSWORD REUSE INTERVAL 365 DAY PASSWORD REQUIRE CURRENT OPTIONAL',
    'PASSWORD EXPIRE INTERVAL 90 DAY PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT '
    + 'FAILED_LOGIN_ATTEMPTS 4 PASSWORD_LOCK_TIME 2',
    'PASSWORD EXPIRE DEFAULT PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT '
    + 'FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED',
  ])('gives its clone its method, its limits and its policy: %s', async (policy) => {
    const base = peer.accounts.entryOf('app')!;
    Object.assign(base, { plugin: NATIVE, demands: `${DEMANDS} ${policy}` });
    await changeAlternate();
    expect(peer.accounts.entryOf('app_clone')).toMatchObject({ plugin: NATIVE, demands: base.demands });
    base.plugin = 'caching_sha2_password';
    await changeAlternate('third');
    expect(peer.accounts.entryOf('app_clone')).toMatchObject({ plugin: base.plugin, demands: base.demands });
    expect(await works('app_clone', 'third')).toBe(true);
  });

  test('that has lost its limit of refused logins takes it from its clone as well', async () => {
    peer.accounts.entryOf('app')!.demands = `${DEMANDS} FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED`;
    await changeAlternate();
    peer.accounts.entryOf('app')!.demands = DEMANDS;
    await changeAlternate('third');
    expect(peer.accounts.entryOf('app_clone')!.demands).toContain('FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0');
  });

  describe('whose password is sent as it is', () => {
    test('is changed, created and cloned, and left alone the second time', async () => {
      await change({ plain: true });
      await change({ plain: true, token: 'another' });
      await changeAlternate('second', true);
      await changeAlternate('second', true);
      expect(changes().filter((sql) => sql.includes('IDENTIFIED'))).toEqual([
        "ALTER USER `app`@`%` IDENTIFIED WITH caching_sha2_password BY 'second'",
        expect.stringMatching(/^CREATE USER `app_clone`@`%` IDENTIFIED WITH caching_sha2_password BY 'second' REQUIRE NONE /),
      ]);
      expect([await works('app', 'second'), await works('app_clone', 'second')]).toEqual([true, true]);
    });

    test('keeps the one that clients hold', async () => {
      await change({ plain: true, retain: 'first' });
      await change({ plain: true, retain: 'first' });
      expect([await works('app', 'first'), await works('app', 'second')]).toEqual([true, true]);
    });
  });

  describe('an error of the statement that sets a password', () => {
    /** The server does what it is told, or not, and says that it has not. */
    const failing = (number: number, { afterwards = false }: { afterwards?: boolean } = {}): void => {
      const { accounts } = peer;
      const run = accounts.run.bind(accounts);
      accounts.run = (sql, session) => {
        if (!sql.includes('IDENTIFIED')) {
          return run(sql, session);
        }
        if (afterwards) {
          run(sql, session);
        }
        throw new MysqlError(number, 'HY000', 'canary');
      };
    };

    test('that this function does not know, and that took effect, is none', async () => {
      failing(1699, { afterwards: true });
      await change();
      await changeAlternate();
      expect([await works('app', 'second'), await works('app_clone', 'second')]).toEqual([true, true]);
    });

    test('the same of a user that changes itself: a login decides', async () => {
      failing(1699, { afterwards: true });
      await asItself();
      expect(await works('app', 'second')).toBe(true);
    });

    test('that did not take effect is one', async () => {
      failing(1699);
      await expect(change()).rejects.toMatchObject({ errorClass: 'conflict', code: '1699' });
      await expect(changeAlternate()).rejects.toMatchObject({ errorClass: 'conflict', code: '1699' });
      await expect(asItself()).rejects.toMatchObject({ errorClass: 'conflict', code: '1699' });
    });

    test('that says enough is not looked into: no login is wasted', async () => {
      failing(1819);
      await expect(asItself()).rejects.toMatchObject({ errorClass: 'configuration', code: '1819' });
      expect(peer.logins('refused')).toBe(0);
    });

    test('of an option names the right one', async () => {
      failing(1290);
      await expect(change()).rejects
        .toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('plainText()') as string });
    });

    test('of an option that makes the server read-only in between is that', async () => {
      peer.accounts.before = (sql) => {
        if (sql.includes('IDENTIFIED')) {
          peer.accounts.readOnly = 1;
          throw new MysqlError(1290, 'HY000', 'canary');
        }
      };
      await expect(change()).rejects.toMatchObject({ errorClass: 'readOnly' });
    });
  });

  describe('with accounts for several hosts, that changes itself', () => {
    test('is refused where it sees them', async () => {
      peer.accounts.add('app', 'other', { host: '10.%' });
      peer.accounts.entryOf('app')!.privileges.add('SELECT');
      await expect(asItself()).rejects.toMatchObject({ errorClass: 'conflict' });
      expect(changes()).toEqual([]);
    });

    test('is not refused for users whose names are alike to the server', async () => {
      const run = peer.accounts.run.bind(peer.accounts);
      peer.accounts.run = (sql, session) => [
        ...run(sql, session) ?? [],
        ...sql.includes('GRANTEE') ? ["'APP'@'10.%'", "'app'@''"].map((grantee) => ({ grantee })) : [],
      ];
      await asItself();
    });
  });
});
