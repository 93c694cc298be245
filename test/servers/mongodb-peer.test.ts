import { createCertificates } from './certificates';
import type { Product } from './mongodb-accounts';
import { logInToMongodb } from './mongodb-log-in';
import { type MongodbBehaviour, MongodbPeer } from './mongodb-peer';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';

const started: MongodbPeer[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (peer) => peer.stop()));
});

/** The whole driver, which knows the protocol from real servers. */
const attempt = async (product: Product, behaviour: MongodbBehaviour, changes: object = {}) => {
  const peer = await MongodbPeer.start(certificates.good, product, behaviour);
  started.push(peer);
  peer.accounts.add('app', PASSWORD);
  const login = async (more: object = {}) =>
    logInToMongodb({
      host: peer.host,
      port: peer.port,
      username: 'app',
      password: PASSWORD,
      ca: certificates.authority.certificate,
      ...changes,
      ...more,
    }).catch((error: Error) => error);
  return { peer, outcome: await login(), login };
};

describe.each([
  ['mongodb', 'SCRAM-SHA-256'],
  ['documentdb', 'SCRAM-SHA-1'],
] as const)('a peer of the driver: %s', (product, mechanism) => {
  test('lets the right password in without seeing it, by the method of the product', async () => {
    const { peer, outcome } = await attempt(product, 'honest');
    expect(outcome).toEqual({ user: 'app', db: 'admin' });
    expect(peer.received.includes(PASSWORD)).toBe(false);
    expect([peer.logins('accepted'), peer.logins('refused')]).toEqual([1, 0]);
    expect(peer.received.includes(mechanism)).toBe(true);
  });

  test('lets names and passwords in with the characters that SCRAM writes otherwise', async () => {
    const { peer, login } = await attempt(product, 'honest');
    peer.accounts.add('a,b', 'pässwörd');
    expect(await login({ username: 'a,b', password: 'pässwörd', authMechanism: mechanism })).toEqual(
      // The driver derives SCRAM-SHA-1's keys from the name as it is written in the message.
      product === 'mongodb' ? { user: 'a,b', db: 'admin' } : expect.objectContaining({ code: 18 }));
  });

  test('refuses others', async () => {
    const { peer, outcome, login } = await attempt(product, 'honest', { password: 'wrong' });
    expect(outcome).toMatchObject({ code: 18, codeName: 'AuthenticationFailed' });
    expect(await login({ username: 'nobody', authMechanism: mechanism })).toMatchObject({ code: 18 });
    expect([peer.logins('accepted'), peer.logins('refused')]).toEqual([0, 2]);
  });

  test.each([
    'wrong-signature', 'no-signature', 'few-iterations', 'silent', 'silent-after-tls', 'no-tls', 'breaks-off', 'older',
    'garbage', 'negative-length',
  ] as const)('%s fails a careful client', async (behaviour) => {
    const { peer, outcome } = await attempt(product, behaviour, { serverSelectionTimeoutMS: 200, connectTimeoutMS: 200 });
    expect(outcome).toMatchObject({ message: expect.any(String) });
    expect(peer.received.includes(PASSWORD)).toBe(false);
  });
});

test('an attacker gets the password of a client that answers any method', async () => {
  const { peer } = await attempt('mongodb', 'offers-plain', { authMechanism: 'PLAIN', authSource: '$external' });
  expect(peer.received.includes(PASSWORD)).toBe(true);
});

test('a client that does not look for its own nonce answers a challenge that was made for another', async () => {
  const { peer } = await attempt('documentdb', 'foreign-nonce');
  expect(peer.commands.some((command) => command.saslContinue === 1)).toBe(true);
});
