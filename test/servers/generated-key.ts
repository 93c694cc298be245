import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

export type KeyType = 'ed25519' | 'rsa2048' | 'P-256' | 'P-384' | 'P-521';

/** A new private key. It is read from text, for the reason that `generatePrivateKey` has. */
export function generatedKey(type: KeyType): KeyObject {
  return createPrivateKey(generated(type));
}

function generated(type: KeyType): string {
  switch (type) {
    case 'ed25519':
      return generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding }).privateKey;
    case 'rsa2048':
      return generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding }).privateKey;
    default:
      return generateKeyPairSync('ec', { namedCurve: type, publicKeyEncoding, privateKeyEncoding }).privateKey;
  }
}
