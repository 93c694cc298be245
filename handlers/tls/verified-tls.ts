import { checkServerIdentity, connect as connectTls, type SecureContext } from 'node:tls';
import type { ServerSocket } from './server-socket';
import { tlsError } from './tls-error';
import { codeOf, RotationError } from '../core/rotation-error';

const WAIT = { milliseconds: 5_000, text: 'the server does not finish the TLS handshake' };

/** What a server has to prove. */
export interface ServerIdentity {
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  readonly secureContext: SecureContext;
}

/** What is announced in the handshake. */
export interface Announcement {
  /** Whether the name is announced (SNI). @default true */
  readonly announcesName?: boolean;
  /** Names of the protocol (ALPN). @default none */
  readonly protocols?: readonly string[];
}

/** TLS with a server that has proved its name; closes the socket where it does not. Nothing about a user has been sent. */
export async function verifiedTls(
  server: ServerSocket, { serverName, secureContext }: ServerIdentity, { announcesName = true, protocols }: Announcement = {},
): Promise<ServerSocket> {
  const secured = connectTls({
    socket: server.tcp,
    secureContext,
    ...announcesName && { servername: serverName },
    ...protocols && { ALPNProtocols: [...protocols] },
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  server.secure(secured);
  try {
    await server.answered(WAIT, async () => new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('close', () => reject(tlsError(undefined))).on('error', (thrown) => reject(tlsError(codeOf(thrown))));
    }));
    if (!secured.authorized || checkServerIdentity(serverName, secured.getPeerCertificate()) !== undefined) {
      throw new RotationError('tls', 'the server has not proved its name');
    }
    return server;
  } catch (thrown) {
    server.destroy();
    throw thrown;
  }
}
