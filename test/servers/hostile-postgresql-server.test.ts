import { createCertificates } from './certificates';
import { type HostileBehaviour, HostilePostgreSqlServer } from './hostile-postgresql-server';
import { logIn } from './log-in';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const application = { user: 'app', password: PASSWORD, ssl: { ca: certificates.authority.certificate } };

describe('hostile PostgreSQL', () => {
  const attempt = async (behaviour: HostileBehaviour, changes: object = {}, certificate = certificates.good) => {
    const server = await HostilePostgreSqlServer.start(behaviour, certificate);
    const outcome = await logIn({ ...application, host: server.host, port: server.port, ...changes })
      .then(() => 'entered', (error: Error) => error.message);
    await server.stop();
    return { server, outcome };
  };

  test('gets the password of a careless client', async () => {
    const { server } = await attempt('cleartext');
    expect(server.passwordMessages).toEqual([Buffer.from(`${PASSWORD}\0`)]);
    expect(server.received.includes(PASSWORD)).toBe(true);
    expect(server.handshakes).toBe(1);
  });

  test('gets the hash of a careless client', async () => {
    const { server } = await attempt('md5');
    expect(server.passwordMessages[0].toString()).toMatch(/^md5[0-9a-f]{32}\0$/);
    expect(server.received.includes(PASSWORD)).toBe(false);
  });

  test.concurrent.each([
    ['unknown-sasl', /Only mechanism/],
    ['wrong-signature', /server signature does not match/],
    ['refuse-tls', /does not support SSL/],
    ['silent', /timeout/],
    ['silent-after-tls', /timeout/],
  ] as const)('%s fails a careful client', async (behaviour, message) => {
    const { server, outcome } = await attempt(
      behaviour,
      behaviour.startsWith('silent') ? { connectionTimeoutMillis: 2_000 } : {},
    );
    expect(outcome).toMatch(message);
    expect(server.connections).toBe(1);
    expect(server.received.includes(PASSWORD)).toBe(false);
    expect(server.passwordMessages).toHaveLength(behaviour === 'wrong-signature' ? 2 : 0);
    expect(server.received.includes('user\0app'))
      .toBe(['unknown-sasl', 'wrong-signature', 'silent-after-tls'].includes(behaviour));
  });

  test('lets a client in that is not asked anything', async () => {
    const { server, outcome } = await attempt('no-authentication');
    expect(outcome).toBe('entered');
    expect(server.received.includes('SELECT current_user')).toBe(true);
  });

  test('gets nothing through a certificate that does not fit', async () => {
    const { server } = await attempt('cleartext', {}, certificates.wrongHost);
    expect(server.received).toHaveLength(0);
  });

  test('records plaintext too', async () => {
    const { server } = await attempt('cleartext', { ssl: false });
    expect(server.received.includes(PASSWORD)).toBe(true);
  });
});
