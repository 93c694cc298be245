import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Deadline } from '../shared/deadline';
import { inTime } from '../shared/in-time';
import { codeOf, RotationError } from '../shared/rotation-error';

const HANDSHAKE_LIMIT = 5_000;

const LOST = ['ECONNRESET', 'EPIPE'];
const NO_TLS = 'the port speaks no TLS, and nothing is sent without it: give the port of TCPS';
const OLD_TLS = 'the server speaks no version of TLS that is still safe: it has to speak TLS 1.2 or 1.3';
const REASONS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name than the host's: set the TLS server name if the host is an alias",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet",
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
};

/** What a server has to prove. */
export interface ServerIdentity {
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  readonly secureContext: SecureContext;
}

/**
 * TLS with a server that has proved its name; closes the socket where it does not.
 *
 * The name is not announced (SNI): Oracle's listeners read a route out of what is.
 */
export async function verifiedTls(socket: Socket, { serverName, secureContext }: ServerIdentity, deadline: Deadline): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    secureContext,
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  try {
    const limit = { deadline, milliseconds: HANDSHAKE_LIMIT, text: 'the server does not finish the TLS handshake', abandon: () => socket.destroy() };
    await inTime(limit, async () => new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('close', () => reject(tlsError(undefined))).on('error', (thrown) => reject(tlsError(thrown)));
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

function tlsError(thrown: unknown): RotationError {
  const code = codeOf(thrown);
  return code === undefined || LOST.includes(code)
    ? new RotationError('network', 'the connection broke in the TLS handshake', code)
    : new RotationError('tls', REASONS[code] ?? "the server's certificate does not come from a trusted certificate authority", code);
}
