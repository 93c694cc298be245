import { connect } from 'node:net';
import { ServerSocket } from './server-socket';
import type { Deadline } from '../core/deadline';
import { codeOf, RotationError } from '../core/rotation-error';

const CONNECT_LIMIT = 5_000;

/** A connection to the server's port, over which nothing has been sent. */
export async function openSocket(address: { host: string; port: number }, deadline: Deadline): Promise<ServerSocket> {
  const milliseconds = deadline.limit(CONNECT_LIMIT);
  const socket = connect({ host: address.host, port: address.port, noDelay: true });
  const server = new ServerSocket(socket, deadline);
  return new Promise((resolve, reject) => {
    const fail = (text: string, code: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new RotationError('network', text, code));
    };
    const timer = setTimeout(() => fail('no connection to the database within the time limit', 'ETIMEDOUT'), milliseconds);
    const failed = (thrown: unknown): void =>
      fail('no connection to the database: is it running, and may the function reach it?', codeOf(thrown));
    socket.once('error', failed).once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve(server);
    });
  });
}
