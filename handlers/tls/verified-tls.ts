import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { tlsError } from './tls-error';
import { type Deadline, inTime } from '../core/deadline';
import { codeOf, RotationError } from '../core/rotation-error';

const HANDSHAKE_LIMIT = 5_000;

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
  socket: Socket, { serverName, secureContext }: ServerIdentity, deadline: Deadline,
  { announcesName = true, protocols }: Announcement = {},
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    secureContext,
    ...announcesName && { servername: serverName },
    ...protocols && { ALPNProtocols: [...protocols] },
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  try {
    const limit = {
      deadline,
      milliseconds: HANDSHAKE_LIMIT,
      text: 'the server does not finish the TLS handshake',
      abandon: () => socket.destroy(),
    };
    await inTime(limit, async () => new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('close', () => reject(tlsError(undefined))).on('error', (thrown) => reject(tlsError(codeOf(thrown))));
    }));
    if (!secured.authorized || checkServerIdentity(serverName, secured.getPeerCertificate()) !== undefined) {
      throw new RotationError('tls', 'the server has not proved its name');
    }
    return secured;
  } catch (thrown) {
    secured.destroy();
    socket.destroy();
    throw thrown;
  }
}
