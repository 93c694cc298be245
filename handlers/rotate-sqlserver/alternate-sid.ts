import { createHash } from 'node:crypto';

const LOGIN_BYTES = 16;
/**
 * Revision 1, five parts, authority 9, of which the first is 3: what the server begins the identifiers of contained users with.
 */
const CONTAINED_PREFIX = Buffer.from('010500000000000903000000', 'hex');

/**
 * The security identifier of an alternate login.
 *
 * It is derived from that of the base, not random, so that the catalogue shows which logins this function made, and their base.
 *
 * @param baseSid as the catalogue shows it: `0x` and hexadecimal digits in upper case
 */
export function alternateLoginSid(baseSid: string, username: string): string {
  return hexadecimal(derived(baseSid, username));
}

/** The same for a user that is contained in a database. */
export function alternateUserSid(baseSid: string, username: string): string {
  return hexadecimal(Buffer.concat([CONTAINED_PREFIX, derived(baseSid, username)]));
}

function derived(baseSid: string, username: string): Buffer {
  return createHash('sha256').update(JSON.stringify(['cdk-secretsmanager-patterns', baseSid, username])).digest()
    .subarray(0, LOGIN_BYTES);
}

function hexadecimal(bytes: Buffer): string {
  return `0x${bytes.toString('hex').toUpperCase()}`;
}
