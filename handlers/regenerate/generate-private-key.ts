import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpec } from '../../src/contract/value-rules';
import { type Deadline, inTime } from '../core/deadline';

/**
 * As text: where Node.js 20 hands over the key that it has made, an export of it now and then waits for ever for the garbage
 * collector, which waits for the export.
 */
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

/** The arguments of `generateKeyPair` for each algorithm. */
const MADE_BY: Record<KeySpec, () => Promise<{ privateKey: string }>> = {
  rsa2048: () => rsa(2048),
  rsa3072: () => rsa(3072),
  rsa4096: () => rsa(4096),
  p256: () => ec('P-256'),
  p384: () => ec('P-384'),
  p521: () => ec('P-521'),
  ed25519: () => promisify(generateKeyPair)('ed25519', { publicKeyEncoding, privateKeyEncoding }),
};

const rsa = (modulusLength: number) =>
  promisify(generateKeyPair)('rsa', { modulusLength, publicKeyEncoding, privateKeyEncoding });
const ec = (namedCurve: string) =>
  promisify(generateKeyPair)('ec', { namedCurve, publicKeyEncoding, privateKeyEncoding });

/** How a key describes itself. */
const DETAILS: Record<KeySpec, string> = {
  rsa2048: 'rsa 2048 65537',
  rsa3072: 'rsa 3072 65537',
  rsa4096: 'rsa 4096 65537',
  p256: 'ec prime256v1',
  p384: 'ec secp384r1',
  p521: 'ec secp521r1',
  ed25519: 'ed25519',
};

/** A new private key, which includes its public key. To find large primes takes a while with little memory, and so little CPU. */
export async function generatePrivateKey(spec: KeySpec, deadline: Deadline): Promise<KeyObject> {
  const text = 'the function had no time to make a key: raise its memorySize, for which AWS Lambda adds CPU, or its timeout';
  const { privateKey } = await inTime({ deadline, milliseconds: Infinity, text, abandon: () => {} }, MADE_BY[spec]);
  return createPrivateKey(privateKey);
}

export function isOfSpec({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject, spec: KeySpec): boolean {
  return (
    [asymmetricKeyType, details?.modulusLength, details?.publicExponent, details?.namedCurve]
      .filter((detail) => detail !== undefined)
      .join(' ') === DETAILS[spec]
  );
}
