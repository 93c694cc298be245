import * as tls from 'node:tls';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { openVerifiedSocket } from '../../../handlers/postgresql-protocol/verified-socket';
import { createCertificates } from '../../servers/certificates';
import { HostilePostgreSqlServer } from '../../servers/hostile-postgresql-server';

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

test.each(['wrongHost', 'unrelated', 'expired'] as const)(
  'looks at the certificate itself, whatever the TLS library let pass: %s',
  async (name) => {
    const server = await HostilePostgreSqlServer.start('cleartext', certificates[name]);
    const secureContext = tls.createSecureContext({ ca: certificates.authority.certificate });
    const address = { host: server.host, port: server.port, serverName: 'localhost', secureContext };
    await expect(openVerifiedSocket(address, new Deadline(systemClock, 120_000)))
      .rejects.toThrow('tls: the server has not proved its name');
    expect(server.received).toHaveLength(0);
    await server.stop();
  },
);
