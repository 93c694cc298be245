import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates, type ServerCertificate } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import { type SqlserverBehaviour, SqlserverPeer } from '../../servers/sqlserver-peer';

const certificates = createCertificates();
const PASSWORD = 'correct Horse battery staple';
const app = { username: 'app', password: PASSWORD };

function targetOf(server: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): SqlserverTarget {
  const database = {
    engine: 'sqlserver',
    host: server.host,
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: server.port,
  };
  return new SqlserverTarget({ region: 'eu-west-1', database });
}

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);
/** As it is in a login: each byte turned round and then exclusive or with 0xa5. */
// eslint-disable-next-line no-bitwise
const SCRAMBLED = Buffer.from(Buffer.from(PASSWORD, 'utf16le').map((byte) => ((byte >> 4) | ((byte << 4) & 0xf0)) ^ 0xa5));
const USER = Buffer.from('app', 'utf16le');

/** What is not worth waiting for. */
const SILENT = /^silent|^endless$|^nonsense$/;

interface AttemptOptions {
  readonly certificate?: ServerCertificate;
  readonly changes?: Partial<DatabaseFacts>;
  readonly elsewhere?: number;
}

const attempt = async (behaviour: SqlserverBehaviour, options: AttemptOptions = {}) => {
  const peer = await SqlserverPeer.start(options.certificate ?? certificates.good, behaviour);
  peer.elsewhere = options.elsewhere ?? peer.elsewhere;
  await peer.createUser(app);
  const milliseconds = SILENT.test(behaviour) ? 5_000 : undefined;
  const error: unknown = await targetOf(peer, options.changes).signIn(app, inTime(milliseconds))
    .catch((thrown: unknown) => thrown);
  await peer.stop();
  return { peer, error };
};

describe('a hostile server', () => {
  test.concurrent.each([
    ['no-tls', 'tls'], ['tls-off', 'tls'], ['unknown-encryption', 'tls'], ['silent', 'timeout'], ['silent-to-tls', 'timeout'],
    ['breaks-off', 'network'],
    ['breaks-off-tls', 'network'], ['nonsense', 'timeout'], ['short-packet', 'network'],
  ] as const)('gets nothing before TLS: %s', async (behaviour, errorClass) => {
    const { peer, error } = await attempt(behaviour);
    expect(error).toMatchObject({ name: 'RotationError', errorClass });
    expect(peer.requests).toEqual([]);
    expect([peer.plaintext, peer.received].some((heard) => heard.includes(SCRAMBLED) || heard.includes(USER))).toBe(false);
    expect(peer.connections).toBe(1);
  });

  test.concurrent.each([
    ['routes', 'protocol', 'another server'], ['routes-unacknowledged', 'protocol', 'another server'],
    ['asks-for-sspi', 'protocol', 'login by Windows'],
    ['asks-for-token', 'protocol', 'login by Microsoft Entra'], ['silent-after-tls', 'timeout', 'does not finish the login'],
    ['breaks-off-login', 'network', 'broke'],
    ['nonsense-login', 'protocol', 'broke its protocol'], ['unexpected-part', 'protocol', 'broke its protocol'],
    ['endless', 'timeout', 'does not finish the login'],
    ['silent-to-statements', 'timeout', 'does not answer'], ['silent-in-the-middle', 'timeout', 'does not answer'],
    ['nonsense-answer', 'protocol', 'broke its protocol'],
  ] as const)('that has proved its name and then misbehaves is given up: %s', async (behaviour, errorClass, text) => {
    const { peer, error } = await attempt(behaviour);
    expect(error).toMatchObject({ name: 'RotationError', errorClass, message: expect.stringContaining(text) });
    expect(peer.plaintext.includes(SCRAMBLED)).toBe(false);
    expect(peer.requests).toHaveLength(1);
    expect(peer.connections).toBe(1);
  });

  test.each(['routes', 'routes-unacknowledged'] as const)(
    'is not followed to where it sends the login: %s',
    async (behaviour) => {
      const other = await SqlserverPeer.start(certificates.good);
      await attempt(behaviour, { elsewhere: other.port });
      await other.stop();
      expect(other.connections).toBe(0);
    },
  );

  test.each([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID', 'another name'], ['expired', 'CERT_HAS_EXPIRED', 'has expired'],
    ['notYetValid', 'CERT_NOT_YET_VALID', 'not valid yet'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'trusted certificate authority'],
  ] as const)('does not even get a user name where its certificate is bad: %s', async (name, code, text) => {
    const { peer, error } = await attempt('honest', { certificate: certificates[name] });
    expect(error).toMatchObject({ errorClass: 'tls', code, message: expect.stringContaining(text) });
    expect(peer.received).toHaveLength(0);
    expect(peer.plaintext.includes(USER)).toBe(false);
  });

  test('an IP address needs a TLS server name, with which a certificate for that name is right', async () => {
    const without = await attempt('honest', { changes: { host: '127.0.0.1' } });
    expect(without.error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') });
    expect(without.peer.connections).toBe(0);
    const withName = await attempt('honest', { changes: { host: '127.0.0.1', tlsServerName: 'localhost' } });
    expect(withName.peer.logins('accepted')).toBe(1);
    const wrongName = await attempt('honest', { changes: { tlsServerName: 'elsewhere.example' } });
    expect(wrongName.error).toMatchObject({ errorClass: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(wrongName.peer.received).toHaveLength(0);
  });

  test('learns nothing of the function but its name', async () => {
    const { peer } = await attempt('honest');
    expect(peer.requests).toEqual([
      {
        hostName: 'cdk-secretsmanager-patterns',
        application: 'cdk-secretsmanager-patterns',
        serverName: 'localhost',
        database: '',
        integrated: false,
        ...app,
      },
    ]);
  });
});

describe('a deployment that cannot work', () => {
  const nowhere = { host: 'localhost', port: 1 };

  test('nobody listens', async () => {
    await expect(targetOf({ host: 'localhost', port: await freePort() }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
  });

  test('another engine', () => {
    expect(() => targetOf(nowhere, { engine: 'postgres' })).toThrow('another engine');
  });

  test('a password that the server cannot have, or that no statement can say', () => {
    const target = targetOf(nowhere);
    expect(() => target.checkPassword('a\\b"c\'d é 😀]')).not.toThrow();
    for (const password of ['a\0b', '\ud800', 'a\\\nb', 'a\\\r\nb', 'x'.repeat(129)]) {
      expect(() => target.checkPassword(password)).toThrow('the password is longer');
    }
  });

  test('a name that the server cannot have', async () => {
    const target = targetOf(nowhere);
    expect(() => target.checkUsername('x'.repeat(128))).not.toThrow();
    for (const name of ['a\0b', 'x'.repeat(129), '\ud800']) {
      expect(() => target.checkUsername(name)).toThrow('user name');
      await expect(target.signIn({ username: name, password: 'x' }, inTime()))
        .rejects.toMatchObject({ errorClass: 'configuration' });
    }
    await expect(target.signIn({ ...app, databaseName: 'x'.repeat(129) }, inTime())).rejects.toThrow('database name');
  });

  test.each([
    'sa', 'SA', 'rdsa', 'rdsadmin', 'dbo', 'guest', '##MS_PolicyEventProcessingLogin##', 'NT AUTHORITY\\SYSTEM',
    'CORP\\app', 'a\nb\\c',
  ])('a user that is not rotated: %j', (name) => {
    expect(() => targetOf(nowhere).checkUsername(name)).toThrow('is not rotated');
  });

  test('a Region of which the library has no certificate authorities', async () => {
    const target = new SqlserverTarget({ region: 'xx-none-1', database: { engine: 'sqlserver', ...nowhere } });
    await expect(target.signIn(app, inTime())).rejects.toMatchObject({ errorClass: 'configuration' });
  });
});

describe('signing in', () => {
  let peer: SqlserverPeer;

  beforeEach(async () => {
    peer = await SqlserverPeer.start(certificates.good);
    await peer.createUser(app);
  });

  afterEach(() => peer.stop());

  test('tells who it is, a login of the server or a user of the database', async () => {
    const session = await targetOf(peer).signIn(app, inTime());
    expect(session.identity).toEqual({ username: 'app' });
    await session.close();
    peer.accounts.addDatabase('personnel', { contained: true });
    peer.accounts.addUser('personnel', 'inside', { password: PASSWORD });
    const contained = await targetOf(peer, { databaseName: 'personnel' })
      .signIn({ username: 'inside', password: PASSWORD }, inTime());
    expect(contained.identity).toEqual({ username: 'inside' });
    await contained.close();
    expect(peer.logins('accepted')).toBe(2);
  });

  test('with names and passwords beyond ASCII', async () => {
    const own = { username: "Łü'x]😀", password: "pä'ss]wörd-ключ😀" };
    peer.accounts.addLogin(own.username, own.password);
    const session = await targetOf(peer).signIn(own, inTime());
    expect(session.identity).toEqual({ username: own.username });
    await session.close();
  });

  test.each([
    { ...app, password: 'wrong' },
    { username: 'nobody', password: PASSWORD },
  ])('is refused: %j', async (credentials) => {
    await expect(targetOf(peer).signIn(credentials, inTime()))
      .rejects.toMatchObject({ name: 'RotationError', errorClass: 'authentication', code: '18456' });
    expect(peer.logins('refused')).toBe(1);
  });

  test.each([
    [18470, 'disabled'],
    [18486, 'locked'],
    [18487, 'expired'],
    [18488, 'MUST_CHANGE'],
  ])('is refused with a reason: %d', async (number, text) => {
    peer.accounts.login('app').refusedWith = number;
    await expect(targetOf(peer).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'configuration', code: String(number), message: expect.stringContaining(text) });
  });

  test.each([40613, 40197, 10928])('is tried once, whatever the driver would do after the error %d', async (number) => {
    peer.accounts.login('app').refusedWith = number;
    await expect(targetOf(peer).signIn(app, inTime())).rejects.toMatchObject({ name: 'RotationError' });
    expect(peer.connections).toBe(1);
  });

  test('to a database: that of the secret, else that of the deployment, else that of the login', async () => {
    peer.accounts.addDatabase('fallback');
    peer.accounts.addDatabase('own');
    const { sid } = peer.accounts.login('app');
    ['fallback', 'own'].forEach((database) => peer.accounts.addUser(database, 'app', { sid }));
    await (await targetOf(peer, { databaseName: 'fallback' }).signIn(app, inTime())).close();
    await (await targetOf(peer, { databaseName: 'fallback' }).signIn({ ...app, databaseName: 'own' }, inTime())).close();
    await (await targetOf(peer).signIn(app, inTime())).close();
    expect(peer.requests.map(({ database }) => database)).toEqual(['fallback', 'own', '']);
  });

  test('to a database that there is not', async () => {
    await expect(targetOf(peer, { databaseName: 'none' }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'configuration', code: '4060' });
  });

  test('variables of the environment decide nothing', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const { error, peer: attacker } = await attempt('honest', { certificate: certificates.unrelated });
      expect(error).toMatchObject({ errorClass: 'tls' });
      expect(attacker.received).toHaveLength(0);
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  test.each(['not PEM', '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----', ''])(
    'trusts nobody where the authorities are %j',
    async (none) => {
      await expect(targetOf(peer, { certificateAuthorities: none }).signIn(app, inTime()))
        .rejects.toMatchObject({ errorClass: 'tls' });
      expect(peer.received).toHaveLength(0);
    },
  );

  test('a server that goes away while a statement runs', async () => {
    const session = await targetOf(peer).signIn(app, inTime());
    peer.cutAfter = 0;
    await expect(session.changeOwnPassword({ password: 'aA1-second', token: 't' }))
      .rejects.toMatchObject({ errorClass: 'network' });
    await session.close();
  });

  test('no statement after the end of a session', async () => {
    const session = await targetOf(peer).signIn(app, inTime());
    await session.close();
    await expect(session.changeOwnPassword({ password: 'aA1-second', token: 't' }))
      .rejects.toMatchObject({ name: 'RotationError' });
  });
});
