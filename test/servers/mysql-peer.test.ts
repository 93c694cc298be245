import { Readable } from 'node:stream';
import type { QueryOptions } from 'mysql2';
import { createCertificates } from './certificates';
import { logInToMysql } from './mysql-log-in';
import { type MysqlBehaviour, MysqlPeer } from './mysql-peer';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';

const started: MysqlPeer[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (peer) => peer.stop()));
});

/** A driver that knows the protocol from elsewhere. */
const attempt = async (behaviour: MysqlBehaviour, changes: object = {}, sql?: string | QueryOptions) => {
  const peer = await MysqlPeer.start(certificates.good, behaviour);
  started.push(peer);
  await peer.createUser({ username: 'app', password: PASSWORD });
  peer.accounts.add('old', PASSWORD, { plugin: 'mysql_native_password' });
  const login = (more: object = {}) =>
    logInToMysql(
      {
        host: peer.host,
        port: peer.port,
        user: 'app',
        password: PASSWORD,
        ssl: { ca: certificates.authority.certificate, verifyIdentity: true },
        connectTimeout: 500,
        ...changes,
        ...more,
      },
      sql,
    ).then(
      (rows) => rows,
      (error: Error) => error,
    );
  const outcome = await login();
  return { peer, outcome, login };
};

describe('MySQL peer', () => {
  const IDENTITY = 'SELECT CURRENT_USER() AS account';

  test('lets the right password in, the second time without seeing it', async () => {
    const { peer, outcome, login } = await attempt('honest', {}, IDENTITY);
    expect(outcome).toEqual([{ account: 'app@%', client: 'app@127.0.0.1', role: 'NONE', version: '8.0.40', readOnly: 0 }]);
    expect(peer.received.includes(PASSWORD)).toBe(true);
    const { length } = peer.received;
    expect(await login()).toEqual(outcome);
    expect(peer.received.subarray(length).includes(PASSWORD)).toBe(false);
    expect(peer.logins('accepted')).toBe(2);
  });

  test('refuses others', async () => {
    const { peer, outcome, login } = await attempt('honest', { password: 'wrong' });
    expect(outcome).toMatchObject({ errno: 1045, sqlState: '28000' });
    expect(await login({ user: 'old' })).toMatchObject({ errno: 1045 });
    expect(await login({ user: 'nobody' })).toMatchObject({ errno: 1045 });
    expect(await login({ user: 'old', password: PASSWORD })).toEqual([]);
    expect(peer.logins('refused')).toBe(3);
  });

  test('understands no statement but those of rotations', async () => {
    const { peer, outcome } = await attempt('honest', {}, 'SELECT 1');
    expect(outcome).toMatchObject({ errno: 1064, sqlState: '42000' });
    expect(peer.statements()).toBe('SELECT 1');
  });

  test('speaks to nobody in plaintext', async () => {
    const { outcome } = await attempt('honest', { ssl: undefined });
    expect(outcome).toMatchObject({ message: expect.any(String) });
  });

  test('gets the password of a careless client', async () => {
    const { peer } = await attempt('clear-password', { enableCleartextPlugin: true });
    expect(peer.received.includes(PASSWORD)).toBe(true);
    const { peer: other } = await attempt('greets-with-sha256-password');
    expect(other.received.includes(PASSWORD)).toBe(true);
  });

  test('gets a file of a careless client', async () => {
    const { peer } = await attempt(
      'local-infile',
      {},
      { sql: 'SELECT 1', infileStreamFactory: () => Readable.from([Buffer.from('a secret file')]) },
    );
    expect(peer.received.includes('a secret file')).toBe(true);
  });

  test.each([
    'no-tls', 'silent', 'silent-after-tls', 'breaks-off-tls', 'unknown-method', 'ed25519', 'refusal-before-tls',
  ] as const)('%s fails a careful client', async (behaviour) => {
    const { peer, outcome } = await attempt(behaviour);
    expect(outcome).toMatchObject({ message: expect.any(String) });
    expect(peer.received.includes(PASSWORD)).toBe(false);
    expect(peer.connections).toBe(1);
  });
});
