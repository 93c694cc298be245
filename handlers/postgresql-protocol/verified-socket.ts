import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Deadline, inTime } from '../core/deadline';
import { codeOf, RotationError } from '../core/rotation-error';
import { openSocket } from '../tls/open-socket';
import { noTls } from '../tls/tls-error';
import { type ServerIdentity, verifiedTls } from '../tls/verified-tls';

const ANSWER_LIMIT = 5_000;
/** Length 8 and the code that asks a PostgreSQL server for TLS. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const ACCEPTED = 'S';

export interface ServerAddress extends ServerIdentity {
  readonly host: string;
  readonly port: number;
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
  return verifiedTls(socket, address, deadline, { protocols: ['postgresql'] });
}

async function askForTls(socket: Socket, deadline: Deadline): Promise<void> {
  const limit = {
    deadline,
    milliseconds: ANSWER_LIMIT,
    text: 'the server accepts connections and does not answer',
    abandon: () => socket.destroy(),
  };
  const answer = await inTime(limit, async () => new Promise<Buffer>((resolve, reject) => {
    const lost = (thrown: unknown): void => reject(networkError(thrown));
    socket.once('data', resolve).once('close', lost).on('error', lost);
    socket.write(SSL_REQUEST);
  }));
  socket.pause();
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
