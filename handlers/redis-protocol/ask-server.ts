import { decodeReply, encodeCommand, type RespReply } from './resp';
import { RotationError } from '../core/rotation-error';
import type { ServerSocket } from '../tls/server-socket';

const REPLY = { milliseconds: 5_000, text: 'the server does not answer' };

/** Sends one command and waits for its reply. */
export async function askServer(server: ServerSocket, ...words: string[]): Promise<RespReply> {
  const { stream } = server;
  return server.answered(REPLY, async () => new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const closed = (): void => reject(new RotationError('network', 'the server closed the connection'));
    stream.removeAllListeners('data').on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        const reply = decodeReply(received);
        if (reply) {
          stream.off('close', closed);
          resolve(reply);
        }
      } catch {
        reject(brokenProtocol());
      }
    });
    stream.once('close', closed);
    stream.write(encodeCommand(...words));
  }));
}

export function brokenProtocol(): RotationError {
  return new RotationError('protocol', 'the server does not answer as Redis and Valkey do');
}
