import { createServer, type Socket } from 'node:net';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { mysqlTarget, type MysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates, type ServerCertificate } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import { type MysqlBehaviour, MysqlPeer } from '../../servers/mysql-peer';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const app = { username: 'app', password: PASSWORD };

function targetOf(server: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): MysqlTarget {
  const database = {
    engine: 'mysql',
    host: server.host,
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: server.port,
  };
  return mysqlTarget({ region: 'eu-west-1', database });
}

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);

/** Of servers that fall silent: enough to get as far as that. */
const LIMITS: Partial<Record<MysqlBehaviour, number>> = {
  'silent': 1_000,
  'silent-after-tls': 3_000,
  'silent-to-statements': 4_000,
};

interface AttemptOptions {
  readonly certificate?: ServerCertificate;
  readonly changes?: Partial<DatabaseFacts>;
  readonly greetsWith?: string;
}

const attempt = async (behaviour: MysqlBehaviour, options: AttemptOptions = {}) => {
  const peer = await MysqlPeer.start(options.certificate ?? certificates.good, behaviour);
  peer.greetsWith = options.greetsWith ?? peer.greetsWith;
  await peer.createUser(app);
  const error: unknown = await targetOf(peer, options.changes).signIn(app, inTime(LIMITS[behaviour]))
    .catch((thrown: unknown) => thrown);
  await peer.stop();
  return { peer, error };
};

describe('a hostile server gets nothing', () => {
  /** The driver writes to it by itself when packets are out of order. */
  let written: jest.SpyInstance;

  beforeEach(() => {
    written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });

  afterEach(() => {
    expect(JSON.stringify(written.mock.calls)).not.toMatch(/correct|app/);
    written.mockRestore();
  });

  test.each([
    ['clear-password', 'protocol'], ['greets-with-clear-password', 'protocol'], ['sha256-password', 'protocol'],
    ['greets-with-sha256-password', 'protocol'],
    ['ed25519', 'protocol'], ['unknown-method', 'protocol'], ['public-key', 'protocol'], ['local-infile', 'protocol'],
    ['no-tls', 'tls'], ['breaks-off-tls', 'network'], ['silent', 'timeout'], ['silent-after-tls', 'timeout'],
    ['silent-to-statements', 'timeout'],
    ['ok-before-tls', 'protocol'], ['refusal-before-tls', 'protocol'], ['switch-before-tls', 'tls'],
  ] as const)('%s', async (behaviour, errorClass) => {
    const { peer, error } = await attempt(behaviour, {
      greetsWith: behaviour === 'local-infile' || behaviour === 'silent-to-statements' ? 'mysql_native_password' : undefined,
    });
    expect(error).toMatchObject({ name: 'RotationError', errorClass });
    expect(peer.plaintext.includes(PASSWORD)).toBe(false);
    expect(peer.plaintext.includes('app')).toBe(false);
    // MySQL's own full authentication shows the password to a server that has proved its name, and to no other.
    expect(peer.received.includes(PASSWORD)).toBe(behaviour === 'local-infile' || behaviour === 'silent-to-statements');
    expect(peer.received.includes('PATH=')).toBe(false);
  });

  test.each([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID', 'another name'], ['expired', 'CERT_HAS_EXPIRED', 'has expired'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'trusted certificate authority'],
  ] as const)('not even a user name where its certificate is bad: %s', async (name, code, text) => {
    const { peer, error } = await attempt('honest', { certificate: certificates[name] });
    expect(error).toMatchObject({ errorClass: 'tls', code, message: expect.stringContaining(text) });
    expect(peer.received).toHaveLength(0);
    expect(peer.plaintext.includes('app')).toBe(false);
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

  test('what the function says of itself: one attribute, no file, no second statement', async () => {
    const { peer } = await attempt('honest');
    const [{ capabilities, attributes, plugin }] = peer.requests;
    expect(attributes).toEqual(['program_name', 'cdk-secretsmanager-patterns']);
    expect(plugin).toBe('caching_sha2_password');
    // CLIENT_LOCAL_FILES, CLIENT_MULTI_STATEMENTS, CLIENT_COMPRESS, CLIENT_CONNECT_WITH_DB.
    // eslint-disable-next-line no-bitwise
    expect(capabilities & (0x80 | 0x10000 | 0x20 | 0x8)).toBe(0);
  });
});

describe('a deployment that cannot work', () => {
  const nowhere = { host: 'localhost', port: 1 };

  test('nobody listens', async () => {
    await expect(targetOf({ host: 'localhost', port: await freePort() }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
  });

  test('the host has no address', async () => {
    await expect(targetOf({ host: 'nowhere.invalid', port: 1 }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'network' });
  });

  test('the host does not answer', async () => {
    // An address of a network that is for documentation.
    const target = targetOf({ host: '192.0.2.1', port: 3306 }, { tlsServerName: 'localhost' });
    await expect(target.signIn(app, inTime(200))).rejects.toMatchObject({ errorClass: 'network' });
  });

  test('another engine', () => {
    expect(() => targetOf(nowhere, { engine: 'postgres' })).toThrow('another engine');
  });

  test('a password that the protocol cannot carry', () => {
    const target = targetOf(nowhere);
    expect(() => target.checkPassword('a\\b"c\'d é 😀')).not.toThrow();
    for (const password of ['a\0b', '\ud800']) {
      expect(() => target.checkPassword(password)).toThrow('the password has characters');
    }
  });

  test.each([['mysql', 32], ['aurora-mysql', 32], ['mariadb', 80]])('a name that %s cannot have', async (engine, longest) => {
    const target = targetOf(nowhere, { engine });
    expect(() => target.checkUsername('x'.repeat(longest))).not.toThrow();
    for (const name of ['a\0b', 'x'.repeat(longest + 1), '\ud800', '😀']) {
      expect(() => target.checkUsername(name)).toThrow('user name');
      await expect(target.signIn({ username: name, password: 'x' }, inTime()))
        .rejects.toMatchObject({ errorClass: 'configuration' });
    }
    await expect(target.signIn({ ...app, databaseName: 'x'.repeat(65) }, inTime())).rejects.toThrow('database name');
  });

  test.each([
    ['mysql', '5.7.44'], ['mysql', '10.11.19-MariaDB'], ['aurora-mysql', '5.5.5-10.11.19-MariaDB-log'], ['mysql', 'none'],
    ['mariadb', '8.4.3'],
  ])('%s, and the server is %s', async (engine, version) => {
    const peer = await MysqlPeer.start(certificates.good);
    peer.accounts.version = version;
    await peer.createUser(app);
    const error: unknown = await targetOf(peer, { engine }).signIn(app, inTime()).catch((thrown: unknown) => thrown);
    await peer.stop();
    expect(error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('not the engine') });
  });

  test('text that is no protocol', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await expect(targetOf({ host: 'localhost', port }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: expect.stringMatching(/protocol|network|tls/) });
    server.close();
  });
});

describe('signing in to MySQL', () => {
  let peer: MysqlPeer;

  beforeEach(async () => {
    peer = await MysqlPeer.start(certificates.good);
    await peer.createUser(app);
  });

  afterEach(() => peer.stop());

  test('first with the password itself over verified TLS, then with a proof that does not show it', async () => {
    await (await targetOf(peer).signIn(app, inTime())).close();
    expect(peer.received.includes(PASSWORD)).toBe(true);
    const { length } = peer.received;
    const session = await targetOf(peer).signIn(app, inTime());
    expect(session.identity).toEqual({ username: 'app', actingAs: 'app' });
    await session.close();
    expect(peer.received.subarray(length).includes(PASSWORD)).toBe(false);
    expect(peer.logins('accepted')).toBe(2);
  });

  test('where the account has the older method', async () => {
    peer.accounts.add('old', PASSWORD, { plugin: 'mysql_native_password' });
    await (await targetOf(peer).signIn({ username: 'old', password: PASSWORD }, inTime())).close();
    expect(peer.received.includes(PASSWORD)).toBe(false);
  });

  test.each([
    { ...app, password: 'wrong' },
    { username: 'nobody', password: PASSWORD },
  ])('is refused: %j', async (credentials) => {
    await expect(targetOf(peer).signIn(credentials, inTime()))
      .rejects.toMatchObject({ name: 'RotationError', errorClass: 'authentication', code: '1045' });
  });

  test('to a database: that of the secret, else that of the deployment', async () => {
    await (await targetOf(peer, { databaseName: 'fallback' }).signIn(app, inTime())).close();
    await (await targetOf(peer, { databaseName: 'fallback' }).signIn({ ...app, databaseName: 'own' }, inTime())).close();
    expect(peer.requests.map(({ database }) => database)).toEqual(['fallback', 'own']);
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

  test.each([
    { readOnly: 1 }, { innodbReadOnly: 1 },
    // As MariaDB says it since 12.0.
    { readOnly: 'ON' }, { readOnly: 'NO_LOCK' }, { readOnly: 'NO_LOCK_NO_ADMIN' },
  ])('a server that accepts no changes is not asked for one: %j', async (setting) => {
    Object.assign(peer.accounts, setting);
    const session = await targetOf(peer).signIn(app, inTime());
    await expect(session.changeOwnPassword({ password: 'x', token: 'x' })).rejects.toMatchObject({ errorClass: 'readOnly' });
    await session.close();
  });

  test('a server that says by a word that it accepts changes is asked for one', async () => {
    peer.accounts.readOnly = 'OFF';
    const session = await targetOf(peer).signIn(app, inTime());
    await session.changeOwnPassword({ password: 'x', token: 'x' });
    await session.close();
  });
});
