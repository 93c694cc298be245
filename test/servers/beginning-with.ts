import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The socket from where it was read to: clients begin TLS without waiting for an answer, so that it may have arrived already. */
export function beginningWith(early: Buffer, socket: Socket): Socket {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => void socket.write(chunk, () => done()),
    final: (done) => void socket.end(() => done()),
    destroy: (_, done) => {
      socket.destroy();
      done(null);
    },
  });
  stream.push(early);
  socket.on('data', (chunk) => stream.push(chunk)).once('close', () => stream.destroy());
  return stream as Socket;
}
