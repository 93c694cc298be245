import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpec } from '../../src/contract/value-rules';
import { type Deadline, inTime } from '../core/deadline';

/** Each as `generateKeyPair` is told of it. */
const MADE_BY: Record<KeySpec, () => Promise<{ privateKey: KeyObject }>> = {
  rsa2048: () => rsa(2048),
  rsa3072: () => rsa(3072),
  rsa4096: () => rsa(4096),
  p256: () => ec('P-256'),
  p384: () => ec('P-384'),
  p521: () => ec('P-521'),
  ed25519: () => promisify(generateKeyPair)('ed25519'),
};

const rsa = (modulusLength: number) => promisify(generateKeyPair)('rsa', { modulusLength });
const ec = (namedCurve: string) => promisify(generateKeyPair)('ec', { namedCurve });

/** As a key says of itself. */
const DETAILS: Record<KeySpec, string> = {
  rsa2048: 'rsa 2048 65537',
  rsa3072: 'rsa 3072 65537',
  rsa4096: 'rsa 4096 65537',
  p256: 'ec prime256v1',
  p384: 'ec secp384r1',
  p521: 'ec secp521r1',
  ed25519: 'ed25519',
};

/** A new private key, from which its public key follows. Large primes are found by chance: with little memory, and so little of a processor, it takes a while. */
export async function generatePrivateKey(spec: KeySpec, deadline: Deadline): Promise<KeyObject> {
  const text = 'the function had no time to make a key: raise its memorySize, with which AWS Lambda gives it more of a processor, or its timeout';
  const { privateKey } = await inTime({ deadline, milliseconds: Infinity, text, abandon: () => {} }, MADE_BY[spec]);
  return privateKey;
}

export function isOfSpec({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject, spec: KeySpec): boolean {
  return [asymmetricKeyType, details?.modulusLength, details?.publicExponent, details?.namedCurve].filter((detail) => detail !== undefined).join(' ') === DETAILS[spec];
}
