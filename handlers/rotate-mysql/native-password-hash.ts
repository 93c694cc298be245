import { createHash } from 'node:crypto';

/** What `mysql_native_password` stores: sent instead of a password, it leaves nothing in the server's log that signs in. */
export function nativePasswordHash(password: string): string {
  return `*${sha1(sha1(Buffer.from(password))).toString('hex').toUpperCase()}`;
}

function sha1(data: Buffer): Buffer {
  return createHash('sha1').update(data).digest();
}
