import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { preparePassword } from './prepare-password';

const ITERATIONS = 4096;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** What PostgreSQL stores instead of a password: sent in its place, it leaves nothing in the server's log that opens anything. */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(preparePassword(password), salt, ITERATIONS, KEY_BYTES, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${hmac(salted, 'Server Key').toString('base64')}`;
}

/**
 * The salt for the password of a version.
 *
 * It is derived, not random, so that setting the password again changes nothing, and the server shows before each login
 * which version its password was set for. A salt is no secret; it has to be unique, which a token is.
 */
export function saltFor(username: string, token: string): Buffer {
  return createHash('sha256').update(JSON.stringify(['cdk-secretsmanager-patterns', username, token])).digest()
    .subarray(0, SALT_BYTES);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
