import type { Deadline } from '../core/deadline';
import { codeOf, RotationError } from '../core/rotation-error';
import { openSocket } from '../tls/open-socket';
import type { ServerSocket } from '../tls/server-socket';
import { noTls } from '../tls/tls-error';
import { type ServerIdentity, verifiedTls } from '../tls/verified-tls';

const WAIT = { milliseconds: 5_000, text: 'the server accepts connections and does not answer' };
/** Length 8 and the code that asks a PostgreSQL server for TLS. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const ACCEPTED = 'S';

export interface ServerAddress extends ServerIdentity {
  readonly host: string;
  readonly port: number;
}

/** A connection to a PostgreSQL server that has proved who it is. Nothing about a user has been sent. */
export async function openVerifiedSocket(address: ServerAddress, deadline: Deadline): Promise<ServerSocket> {
  const server = await openSocket(address, deadline);
  try {
    await askForTls(server);
  } catch (thrown) {
    server.destroy();
    throw thrown;
  }
  return verifiedTls(server, address, { protocols: ['postgresql'] });
}

async function askForTls(server: ServerSocket): Promise<void> {
  const { tcp } = server;
  const answer = await server.answered(WAIT, async () => new Promise<Buffer>((resolve, reject) => {
    const lost = (thrown: unknown): void => reject(networkError(thrown));
    tcp.once('data', resolve).once('close', lost).on('error', lost);
    tcp.write(SSL_REQUEST);
  }));
  tcp.pause();
  // One byte and not one more: what follows it in plaintext was not written by a server that means TLS.
  if (answer.length !== 1 || answer.toString('latin1') !== ACCEPTED) {
    throw noTls();
  }
}

function networkError(thrown: unknown): RotationError {
  return new RotationError(
    'network',
    'no connection to the database: is it running, and may the function reach it?',
    codeOf(thrown),
  );
}
