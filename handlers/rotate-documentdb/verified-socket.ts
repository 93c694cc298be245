import { checkServerIdentity, connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { Deadline } from '../shared/deadline';
import { inTime } from '../shared/in-time';
import { openSocket } from '../shared/open-socket';
import { codeOf, RotationError } from '../shared/rotation-error';

const HANDSHAKE_LIMIT = 5_000;
const LOST: readonly string[] = ['ECONNRESET', 'EPIPE'];
const NO_TLS = 'the server does not offer TLS, and nothing is sent without it';
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

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  readonly secureContext: SecureContext;
}

/** A connection to a server that has proved who it is. Nothing about a user has been sent. */
export async function openVerifiedSocket(address: ServerAddress, deadline: Deadline): Promise<TLSSocket> {
  const { serverName, secureContext } = address;
  const socket = connect({
    socket: await openSocket(address, deadline),
    secureContext,
    servername: serverName,
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  const limit = { deadline, milliseconds: HANDSHAKE_LIMIT, text: 'the server does not finish the TLS handshake', abandon: () => socket.destroy() };
  try {
    await inTime(limit, async () => new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve).once('close', () => reject(tlsError(undefined))).on('error', (thrown) => reject(tlsError(thrown)));
    }));
    if (!socket.authorized || checkServerIdentity(serverName, socket.getPeerCertificate()) !== undefined) {
      throw new RotationError('tls', 'the server has not proved its name');
    }
    return socket;
  } catch (thrown) {
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
