import type { Readable } from 'node:stream';
import { RotationError } from '../core/rotation-error';

/** Longer than anything that a server says in a login. */
const MAXIMUM_BYTES = 16_384;
const LENGTH_BYTES = 4;

export interface ServerMessage {
  readonly type: string;
  readonly body: Buffer;
  /** The message as it came. */
  readonly whole: Buffer;
}

/** Reads one message of protocol version 3, and not a byte of the next. */
export async function readMessage(stream: Readable): Promise<ServerMessage> {
  const header = await take(stream, 1 + LENGTH_BYTES);
  const length = header.readInt32BE(1);
  if (length < LENGTH_BYTES || length > MAXIMUM_BYTES) {
    throw new RotationError('protocol', 'the server broke its protocol');
  }
  const body = await take(stream, length - LENGTH_BYTES);
  return { type: header.toString('latin1', 0, 1), body, whole: Buffer.concat([header, body]) };
}

/** Takes what has arrived, up to the wanted length: a wait for more than one chunk would never sleep. */
async function take(stream: Readable, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let missing = bytes; missing > 0;) {
    const piece = stream.readableLength === 0 ? null : stream.read(Math.min(missing, stream.readableLength)) as Buffer | null;
    if (piece !== null) {
      pieces.push(piece);
      missing -= piece.length;
    } else if (stream.readableEnded || stream.destroyed) {
      throw new RotationError('network', 'the server closed the connection');
    } else {
      await somethingNew(stream);
    }
  }
  return Buffer.concat(pieces);
}

async function somethingNew(stream: Readable): Promise<void> {
  const events = ['readable', 'end', 'close'];
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      events.forEach((event) => stream.off(event, settle));
      resolve();
    };
    events.forEach((event) => stream.on(event, settle));
  });
}
