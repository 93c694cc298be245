import { isNativeError } from 'node:util/types';
import Connection, { type ConnectionConfiguration } from 'tedious/lib/connection';
import Request from 'tedious/lib/request';
import { createCertificates } from './certificates';
import { type SqlserverBehaviour, SqlserverPeer } from './sqlserver-peer';
import { until } from './until';

const certificates = createCertificates();
const PASSWORD = 'correct Horse battery staple';

/** Logs in as any client would and runs a statement, where there is one. */
async function logIn(
  peer: SqlserverPeer,
  options: ConnectionConfiguration['options'],
  password = PASSWORD,
  sql?: string,
): Promise<unknown> {
  const ca = certificates.authority.certificate;
  const client = new Connection({
    server: peer.host,
    authentication: { type: 'default', options: { userName: 'app', password } },
    options: { port: peer.port, encrypt: true, cryptoCredentialsDetails: { ca }, connectTimeout: 20_000, ...options },
  });
  client.on('error', () => undefined);
  const outcome = new Promise((resolve) => client.connect((error) => {
    if (error || sql === undefined) {
      resolve(error ?? 'logged in');
    } else {
      client.execSqlBatch(new Request(sql, (refusal, count) => resolve(refusal ?? count)));
    }
  }));
  try {
    return await outcome;
  } finally {
    client.close();
  }
}

async function attempt(
  behaviour: SqlserverBehaviour,
  options: ConnectionConfiguration['options'] = {},
  password?: string,
  sql?: string,
) {
  const peer = await SqlserverPeer.start(certificates.good, behaviour);
  await peer.createUser({ username: 'app', password: PASSWORD });
  const outcome = await logIn(peer, options, password, sql);
  await peer.stop();
  return { peer, outcome };
}

test('lets in who knows the password, over TLS that it is known by', async () => {
  const { peer, outcome } = await attempt('honest');
  expect(outcome).toBe('logged in');
  expect(peer.requests).toEqual([expect.objectContaining({ username: 'app', password: PASSWORD, serverName: 'localhost' })]);
  expect(peer.logins('accepted')).toBe(1);
});

test('refuses others', async () => {
  const { peer, outcome } = await attempt('honest', {}, 'wrong');
  expect(outcome).toMatchObject({ code: 'ELOGIN', message: "Login failed for user 'app'." });
  expect([peer.logins('accepted'), peer.logins('refused')]).toEqual([0, 1]);
});

test('understands no statement but those of rotations', async () => {
  const { peer, outcome } = await attempt('honest', {}, PASSWORD, 'SELECT 1');
  expect(outcome).toMatchObject({ number: 102 });
  expect(peer.statements()).toBe('SELECT 1');
});

test('speaks to nobody who wants no TLS', async () => {
  const { outcome, peer } = await attempt('honest', { encrypt: false });
  expect(outcome).toMatchObject({ code: 'EENCRYPT' });
  expect(peer.requests).toEqual([]);
});

test.concurrent.each(['no-tls', 'tls-off', 'unknown-encryption'] as const)(
  'gets the password of a careless client in plaintext: %s',
  async (behaviour) => {
    const peer = await SqlserverPeer.start(certificates.good, behaviour);
    await peer.createUser({ username: 'app', password: PASSWORD });
    const login = logIn(peer, {});
    const heard = await until(() => peer.plaintext.includes(Buffer.from('app', 'utf16le')), 20_000);
    await peer.stop();
    await login;
    expect(heard).toBe(true);
  },
);

test('sends a careless client elsewhere', async () => {
  const other = await SqlserverPeer.start(certificates.good);
  await other.createUser({ username: 'app', password: PASSWORD });
  const peer = await SqlserverPeer.start(certificates.good, 'routes');
  peer.elsewhere = other.port;
  expect(await logIn(peer, {})).toBe('logged in');
  expect(other.requests).toEqual([expect.objectContaining({ password: PASSWORD })]);
  await Promise.all([peer.stop(), other.stop()]);
});

test.concurrent.each([
  'silent', 'silent-to-tls', 'silent-after-tls', 'breaks-off', 'breaks-off-tls', 'breaks-off-login', 'nonsense',
] as const)('%s fails any client', async (behaviour) => {
  const { peer, outcome } = await attempt(behaviour, /^(silent|nonsense)/.test(behaviour) ? { connectTimeout: 1_000 } : {});
  expect(isNativeError(outcome)).toBe(true);
  expect(peer.logins('accepted')).toBe(0);
});
