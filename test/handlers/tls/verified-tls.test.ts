import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import * as tls from 'node:tls';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { ServerSocket } from '../../../handlers/tls/server-socket';
import { verifiedTls } from '../../../handlers/tls/verified-tls';
import { createCertificates } from '../../servers/certificates';

/** As if Node.js, or whoever has patched it, let every certificate pass. */
jest.mock('node:tls', () => {
  const actual = jest.requireActual<typeof tls>('node:tls');
  return {
    ...actual,
    connect: (options: tls.ConnectionOptions) =>
      actual.connect({ ...options, rejectUnauthorized: false, checkServerIdentity: () => undefined }),
  };
});

const certificates = createCertificates();

async function handshakeWith(server: Server): Promise<{ error: unknown; destroyed: boolean }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const identity = {
    serverName: 'localhost',
    secureContext: tls.createSecureContext({ ca: certificates.authority.certificate, minVersion: 'TLSv1.2' }),
  };
  const error: unknown = await verifiedTls(new ServerSocket(socket, new Deadline(systemClock, 120_000)), identity)
    .catch((thrown: unknown) => thrown);
  server.close();
  return { error, destroyed: socket.destroyed };
}

test.each(['wrongHost', 'unrelated', 'expired'] as const)(
  'looks at the certificate itself, whatever the TLS library let pass: %s',
  async (name) => {
    const { certificate: cert, key } = certificates[name];
    const { error, destroyed } = await handshakeWith(tls.createServer({ cert, key }));
    expect(error).toMatchObject({ errorClass: 'tls', message: 'tls: the server has not proved its name' });
    expect(destroyed).toBe(true);
  },
);

test('an old version of TLS', async () => {
  const { certificate: cert, key } = certificates.good;
  const server = tls.createServer({ cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
  const { error, destroyed } = await handshakeWith(server.on('tlsClientError', () => undefined));
  expect(error).toMatchObject({ errorClass: 'tls', message: expect.stringContaining('TLS 1.2 or 1.3') });
  expect(destroyed).toBe(true);
});

test('a server that breaks off', async () => {
  const { error, destroyed } = await handshakeWith(createTcpServer((socket) => socket.once('data', () => socket.destroy())));
  expect(error).toMatchObject({ errorClass: 'network', message: expect.stringContaining('broke in the TLS handshake') });
  expect(destroyed).toBe(true);
});
