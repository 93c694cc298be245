import { type KeyObject, randomBytes } from 'node:crypto';
import { readSshKey, sshKeyParts } from './ssh-key-parts';
import { SshReader, sshString, uint32 } from './ssh-wire';

const MAGIC = Buffer.from('openssh-key-v1\0');
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const END = '-----END OPENSSH PRIVATE KEY-----';
const BLOCK = 8;
const CHECK_BYTES = 4;

/**
 * A private key in the format of OpenSSH, not encrypted: the secret that contains it is.
 *
 * @param check four bytes that are written twice, by which a reader would notice a wrong passphrase.
 * @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
 */
export function openSshPrivateKey(key: KeyObject, comment: string, check: Buffer = randomBytes(CHECK_BYTES)): string {
  const { publicKey, privateKey } = sshKeyParts(key);
  const secret = Buffer.concat([check, check, privateKey, sshString(comment)]);
  const padding = Buffer.from(Array.from({ length: (BLOCK - secret.length % BLOCK) % BLOCK }, (_, index) => index + 1));
  const header = [MAGIC, sshString('none'), sshString('none'), sshString(''), uint32(1), sshString(publicKey)];
  const body = Buffer.concat([...header, sshString(Buffer.concat([secret, padding]))]).toString('base64')
    .replace(/.{70}(?=.)/g, '$&\n');
  return [BEGIN, body, END, ''].join('\n');
}

/**
 * The key in a text of this format, where it is exactly what {@link openSshPrivateKey} writes with this comment; otherwise it
 * throws.
 */
export function parseOpenSshPrivateKey(text: string, comment: string): KeyObject {
  const reader = new SshReader(Buffer.from(text.replace(BEGIN, '').replace(END, ''), 'base64'));
  reader.take(MAGIC.length);
  for (let field = 0; field < 3; field++) {
    reader.string();
  }
  reader.take(uint32(1).length);
  reader.string();
  const secret = new SshReader(reader.string());
  const check = secret.take(CHECK_BYTES);
  secret.take(CHECK_BYTES);
  const key = readSshKey(secret);
  if (openSshPrivateKey(key, comment, check) !== text) {
    throw new TypeError('not written by this library');
  }
  return key;
}
