import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { DocumentdbTarget } from '../../../handlers/rotate-documentdb/documentdb-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates, type ServerCertificate } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import type { Product } from '../../servers/mongodb-accounts';
import { type MongodbBehaviour, MongodbPeer } from '../../servers/mongodb-peer';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const app = { username: 'app', password: PASSWORD };

function targetOf(server: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): DocumentdbTarget {
  const database = {
    engine: 'mongo',
    host: server.host,
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: server.port,
  };
  return new DocumentdbTarget({ region: 'eu-west-1', database });
}

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);

interface AttemptOptions {
  readonly certificate?: ServerCertificate;
  readonly changes?: Partial<DatabaseFacts>;
  readonly product?: Product;
}

const attempt = async (behaviour: MongodbBehaviour, options: AttemptOptions = {}) => {
  const peer = await MongodbPeer.start(options.certificate ?? certificates.good, options.product, behaviour);
  peer.accounts.add('app', PASSWORD);
  const signedIn = targetOf(peer, options.changes).signIn(app, inTime(behaviour.startsWith('silent') ? 5_000 : undefined));
  const error: unknown = await signedIn.then(async (session) => session.close(), (thrown: unknown) => thrown);
  await peer.stop();
  return { peer, error };
};

describe('a hostile server gets nothing', () => {
  test.concurrent.each([
    ['offers-plain', 'protocol', 'a method that is not answered'], ['offers-x509', 'protocol', 'a method that is not answered'],
    ['wrong-signature', 'protocol', 'has not proved that it knows the password'],
    ['no-signature', 'protocol', 'has not proved that it knows the password'],
    ['few-iterations', 'protocol', 'iterations of SCRAM'], ['many-iterations', 'protocol', 'iterations of SCRAM'],
    ['foreign-nonce', 'protocol', 'not SCRAM'], ['same-nonce', 'protocol', 'not SCRAM'], ['no-proof', 'protocol', 'not SCRAM'],
    ['never-done', 'protocol', 'does not end the login'], ['arbiter', 'protocol', 'without a proof of the password'],
    ['no-tls', 'tls', 'does not offer TLS'], ['breaks-off-tls', 'network', 'in the TLS handshake'],
    ['breaks-off', 'network', 'broke'],
    ['silent', 'timeout', 'TLS handshake'], ['silent-after-tls', 'timeout', 'finish the login'],
    ['silent-to-login', 'timeout', 'finish the login'],
    ['silent-to-proof', 'timeout', 'finish the login'], ['silent-to-commands', 'timeout', 'does not answer a command'],
    ['garbage', 'network', 'broke'], ['negative-length', 'protocol', 'broke its protocol'],
    ['huge-message', 'protocol', 'more than any rotation asks for'],
    ['older', 'protocol', 'broke its protocol'],
    ['another-user', 'none', ''], ['two-users', 'conflict', 'exactly one user'], ['nobody', 'conflict', 'exactly one user'],
  ] as const)('%s', async (behaviour, errorClass, text) => {
    const { peer, error } = await attempt(behaviour);
    if (errorClass === 'none') {
      // Who it is is for the strategy to compare.
      expect(error).toBeUndefined();
    } else {
      expect(error).toMatchObject({ name: 'RotationError', errorClass, message: expect.stringContaining(text) });
    }
    expect(peer.plaintext.includes('app')).toBe(false);
    expect(peer.received.includes(PASSWORD)).toBe(false);
    expect(String((error as Error | undefined)?.stack)).not.toContain(PASSWORD);
    expect(peer.connections).toBe(1);
  });

  test.each([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID', 'another name'], ['expired', 'CERT_HAS_EXPIRED', 'has expired'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'trusted certificate authority'],
    ['notYetValid', 'CERT_NOT_YET_VALID', 'not valid yet'],
  ] as const)('not even a user name where its certificate is bad: %s', async (name, code, text) => {
    const { peer, error } = await attempt('honest', { certificate: certificates[name] });
    expect(error).toMatchObject({ errorClass: 'tls', code, message: expect.stringContaining(text) });
    expect(peer.received).toHaveLength(0);
    expect(peer.plaintext).toHaveLength(0);
  });

  test('a server that names other hosts and another primary gets no connection to them', async () => {
    const { peer, error } = await attempt('names-others');
    expect(error).toBeUndefined();
    expect([peer.connections, peer.logins('accepted')]).toEqual([1, 1]);
  });

  test('an IP address needs a TLS server name, with which a certificate for that name is right', async () => {
    const without = await attempt('honest', { changes: { host: '127.0.0.1' } });
    expect(without.error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') });
    expect(without.peer.connections).toBe(0);
    const withName = await attempt('honest', { changes: { host: '127.0.0.1', tlsServerName: 'localhost' } });
    expect(withName.peer.logins('accepted')).toBe(1);
    const wrongName = await attempt('honest', { changes: { tlsServerName: 'elsewhere.example' } });
    expect(wrongName.error).toMatchObject({ errorClass: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('what the function says of itself: its name, no compression, no password', async () => {
    const { peer } = await attempt('honest');
    const [hello, ...more] = peer.commands;
    expect(hello).toEqual({
      ismaster: 1,
      helloOk: true,
      client: {
        application: { name: 'cdk-secretsmanager-patterns' },
        driver: { name: 'nodejs', version: '6' },
        os: { type: 'Linux' },
      },
      compression: [],
      saslSupportedMechs: 'admin.app',
    });
    expect(more.map((command) => Object.keys(command)[0])).toEqual(['saslStart', 'saslContinue', 'connectionStatus']);
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

  test('a password that clients do not treat alike', () => {
    const target = targetOf(nowhere);
    expect(() => target.checkPassword('a\\b"c\'d é ключ')).not.toThrow();
    for (const password of ['', 'a\0b', '\ud800', 'tab\t', '😀', '\u05d0', '\u200d']) {
      expect(() => target.checkPassword(password)).toThrow('the password has characters');
    }
  });

  test('a name that cannot be', async () => {
    const target = targetOf(nowhere);
    expect(() => target.checkUsername('x'.repeat(63))).not.toThrow();
    for (const name of ['a\0b', 'x'.repeat(64), '\ud800']) {
      expect(() => target.checkUsername(name)).toThrow('the user name is longer');
      await expect(target.signIn({ username: name, password: 'x' }, inTime()))
        .rejects.toMatchObject({ errorClass: 'configuration' });
    }
    for (const databaseName of ['a.b', 'a\0', 'a/b', '$external', 'a b']) {
      await expect(targetOf(nowhere, { databaseName }).signIn(app, inTime())).rejects.toThrow('the database name');
    }
  });

  test.each(['serviceadmin', 'rdsadmin', '__system'])('a reserved user: %s', (name) => {
    expect(() => targetOf(nowhere).checkUsername(name)).toThrow('is reserved by Amazon DocumentDB or MongoDB');
  });
});

describe.each([['mongodb', 'SCRAM-SHA-256'], ['documentdb', 'SCRAM-SHA-1']] as const)('signing in: %s', (product, mechanism) => {
  let peer: MongodbPeer;

  beforeEach(async () => {
    peer = await MongodbPeer.start(certificates.good, product);
    peer.accounts.add('app', PASSWORD);
  });

  afterEach(() => peer.stop());

  test('by the better of the methods that the user has', async () => {
    const session = await targetOf(peer).signIn(app, inTime());
    expect(session.identity).toEqual({ username: 'app' });
    await session.close();
    expect(peer.commands.find((command) => command.saslStart === 1)).toMatchObject({ mechanism });
    expect(peer.received.includes(PASSWORD)).toBe(false);
    expect([peer.connections, peer.logins('accepted')]).toEqual([1, 1]);
  });

  test.each([
    { ...app, password: 'wrong' },
    { username: 'nobody', password: PASSWORD },
  ])('is refused: %j', async (credentials) => {
    const error: Error = await targetOf(peer).signIn(credentials, inTime())
      .then(() => new Error('none'), (thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'RotationError', errorClass: 'authentication', code: '18' });
    expect(error.message).toBe('authentication: the database refused the login (18)');
    expect(peer.logins('refused')).toBe(1);
  });

  test.each(['a=b=c,d,e', 'we"ird\\na%me $x ü', 'a.b.c'])(
    'with a name that has to be written otherwise: %s',
    async (username) => {
      peer.accounts.add(username, 'pässwörd ключ');
      const session = await targetOf(peer).signIn({ username, password: 'pässwörd ключ' }, inTime());
      expect(session.identity).toEqual({ username });
      await session.close();
    },
  );

  test('a password beyond what clients treat alike is not tried where it matters', async () => {
    peer.accounts.add('odd', 'a\u200db');
    const signedIn = targetOf(peer).signIn({ username: 'odd', password: 'a\u200db' }, inTime());
    if (product === 'mongodb') {
      await expect(signedIn)
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('do not treat alike') });
    } else {
      await (await signedIn).close();
    }
  });

  test('variables of the environment decide nothing', async () => {
    const written = [jest.spyOn(process.stderr, 'write'), jest.spyOn(process.stdout, 'write')];
    Object.assign(process.env, {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      MONGODB_LOG_ALL: 'trace',
      MONGODB_LOG_PATH: 'stderr',
      MONGODB_LOG_COMMAND: 'trace',
    });
    try {
      const { error, peer: attacker } = await attempt('honest', { certificate: certificates.unrelated, product });
      expect(error).toMatchObject({ errorClass: 'tls' });
      expect(attacker.received).toHaveLength(0);
      await (await targetOf(peer).signIn(app, inTime())).close();
      expect(JSON.stringify(written.map(({ mock }) => mock.calls))).not.toMatch(/correct|saslStart/);
    } finally {
      ['NODE_TLS_REJECT_UNAUTHORIZED', 'MONGODB_LOG_ALL', 'MONGODB_LOG_PATH', 'MONGODB_LOG_COMMAND'].forEach(
        (name) => delete process.env[name],
      );
      written.forEach((spy) => spy.mockRestore());
    }
  });

  test.each(['not PEM', '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----', ''])(
    'trusts nobody where the authorities are %j',
    async (none) => {
      await expect(targetOf(peer, { certificateAuthorities: none }).signIn(app, inTime())).rejects.toThrow();
      expect(peer.received).toHaveLength(0);
    },
  );
});

describe('where MongoDB differs', () => {
  let peer: MongodbPeer;

  beforeEach(async () => {
    peer = await MongodbPeer.start(certificates.good, 'mongodb');
  });

  afterEach(() => peer.stop());

  test('users belong to the database that the deployment says, whatever the secret says', async () => {
    peer.accounts.add('app', PASSWORD, { db: 'orders' });
    peer.accounts.add('app', 'another', { db: 'admin' });
    await (await targetOf(peer, { databaseName: 'orders' }).signIn({ ...app, databaseName: 'elsewhere' }, inTime())).close();
    await (await targetOf(peer).signIn({ username: 'app', password: 'another', databaseName: 'orders' }, inTime())).close();
    await expect(targetOf(peer).signIn({ ...app, databaseName: 'orders' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'authentication' });
  });

  test.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const)('a user has one method: %s', async (mechanism) => {
    peer.accounts.add('app', PASSWORD, { mechanisms: [mechanism] });
    await (await targetOf(peer).signIn(app, inTime())).close();
    expect(peer.commands.find((command) => command.saslStart === 1)).toMatchObject({ mechanism });
  });
});

test('a server that is no primary is not asked for a change', async () => {
  const peer = await MongodbPeer.start(certificates.good, 'documentdb', 'secondary');
  peer.accounts.add('app', PASSWORD);
  const session = await targetOf(peer).signIn(app, inTime());
  await expect(session.changeOwnPassword({ password: 'x', token: 'x' })).rejects.toMatchObject({ errorClass: 'readOnly' });
  expect(peer.changes()).toEqual([]);
  await session.close();
  await peer.stop();
});

test('a session that the server has ended says so', async () => {
  const peer = await MongodbPeer.start(certificates.good);
  const session = await targetOf(peer).signIn(peer.superuser, inTime());
  await peer.stop();
  await expect(session.changeOwnPassword({ password: 'x', token: 'x' })).rejects.toMatchObject({ errorClass: 'network' });
  await session.close();
});
