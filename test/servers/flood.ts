import type { Duplex } from 'node:stream';

const CHUNK = 64 * 1024;

/** Writes the same again and again, for as long as anybody reads it. */
export function flood(stream: Duplex, unit: Buffer): void {
  const chunk = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(CHUNK / unit.length)) }, () => unit));
  const send = (): void => {
    while (!stream.destroyed && stream.write(chunk)) {
      // Until the client has to take a breath.
    }
  };
  stream.on('drain', send);
  send();
}

/** Writes one byte at a time, for as long as anybody reads them. */
export function drip(stream: Duplex, bytes: Buffer): void {
  let next = 0;
  const timer = setInterval(() => stream.destroyed ? clearInterval(timer) : stream.write(bytes.subarray(next, ++next)), 100);
  stream.once('close', () => clearInterval(timer));
}
