import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificates';
import { type Message, MessageReader, MessageType, packets } from './sqlserver-messages';

/**
 * Ends a client's TLS as SQL Server does before version 8.0 of the protocol: the handshake is inside of messages, what follows is
 * not.
 */
export function secureInsideMessages(socket: Socket, { certificate: cert, key }: ServerCertificate): TLSSocket {
  const reader = new MessageReader();
  let inside = true;
  const wrap = (records: Buffer): Buffer => inside ? packets(MessageType.PRELOGIN, records) : records;
  const stream = new Duplex({
    read: () => undefined,
    writev: (chunks, done) => void socket.write(wrap(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer))), () => done()),
    write: (chunk: Buffer, _, done) => void socket.write(wrap(chunk), () => done()),
    final: (done) => void socket.end(() => done()),
    destroy: (_, done) => {
      socket.destroy();
      done(null);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    inside &&= chunk[0] === MessageType.PRELOGIN;
    if (inside) {
      reader.read(chunk).forEach(({ data }: Message) => stream.push(data));
    } else {
      stream.push(chunk);
    }
  });
  socket.once('close', () => stream.destroy());
  const secured = new TLSSocket(stream as Socket, {
    isServer: true,
    secureContext: createSecureContext({ cert, key, maxVersion: 'TLSv1.2' }),
  });
  return secured.on('error', () => undefined);
}
