import type { Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Deadline } from '../deadline';
import { openSocket } from '../open-socket';
import { codeOf, RotationError } from '../rotation-error';

const HANDSHAKE_LIMIT = 5_000;
/** Length 8 and the code that asks a PostgreSQL server for TLS. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const ACCEPTED = 'S';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  readonly secureContext: SecureContext;
}

/** A connection to a PostgreSQL server that has proved who it is. Nothing about a user has been sent. */
export async function openVerifiedSocket(address: ServerAddress, deadline: Deadline): Promise<TLSSocket> {
  const socket = await openSocket(address, deadline);
  try {
    await askForTls(socket, deadline);
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  }
  return verifiedTls(socket, address, deadline);
}

async function askForTls(socket: Socket, deadline: Deadline): Promise<void> {
  socket.write(SSL_REQUEST);
  const late = new RotationError('timeout', 'the server accepts connections and does not answer');
  const answer = await within<Buffer>(deadline.limit(HANDSHAKE_LIMIT), socket, 'data', late, networkError);
  socket.pause();
  // One byte and not one more: what follows it in plaintext was not written by a server that means TLS.
  if (answer.length !== 1 || answer.toString('latin1') !== ACCEPTED) {
    throw new RotationError('tls', 'the server does not offer TLS, and nothing is sent without it');
  }
}

async function verifiedTls(socket: Socket, { serverName, secureContext }: ServerAddress, deadline: Deadline): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    secureContext,
    servername: serverName,
    ALPNProtocols: ['postgresql'],
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
  });
  try {
    const late = new RotationError('timeout', 'the server does not finish the TLS handshake');
    await within(deadline.limit(HANDSHAKE_LIMIT), secured, 'secureConnect', late, tlsError);
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

/** The first event of a kind, or an error if the socket ends first or the time is over. */
async function within<T>(
  milliseconds: number, socket: Socket, event: string, late: RotationError, errorOf: (thrown: unknown) => RotationError,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      socket.off(event, arrived).off('close', closed);
      outcome();
    };
    const arrived = (value: T): void => settle(() => resolve(value));
    const closed = (): void => settle(() => reject(errorOf(undefined)));
    const timer = setTimeout(() => settle(() => reject(late)), milliseconds);
    socket.once(event, arrived).once('close', closed);
    socket.on('error', (thrown) => settle(() => reject(errorOf(thrown))));
  });
}

function networkError(thrown: unknown): RotationError {
  return new RotationError('network', 'no connection to the database: is it running, and may the function reach it?', codeOf(thrown));
}

function tlsError(thrown: unknown): RotationError {
  const code = codeOf(thrown);
  const lost = code === undefined || code === 'ECONNRESET' || code === 'EPIPE';
  return lost ? new RotationError('network', 'the connection broke in the TLS handshake', code) : new RotationError('tls', reasonOf(code), code);
}

function reasonOf(code: string): string {
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return "the server's certificate is for another name than the host's: set the TLS server name if the host is an alias";
    case 'CERT_HAS_EXPIRED':
      return "the server's certificate has expired";
    case 'CERT_NOT_YET_VALID':
      return "the server's certificate is not valid yet";
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return 'the server speaks no version of TLS that is still safe: it has to speak TLS 1.2 or 1.3';
    default:
      return "the server's certificate does not come from a trusted certificate authority";
  }
}
