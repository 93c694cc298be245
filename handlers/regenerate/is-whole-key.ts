import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const MESSAGE = Buffer.from('does the private key belong to the public one?');

/** Whether the public half accepts what the private key signs, and the numbers of an RSA key belong together. */
export function isWholeKey(key: KeyObject): boolean {
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return (
    verify(hash, MESSAGE, createPublicKey(key), sign(hash, MESSAGE, key)) && (key.asymmetricKeyType !== 'rsa' || numbersFit(key))
  );
}

/** OpenSSL signs without the primes where they are wrong; other readers of the key would not. */
function numbersFit(key: KeyObject): boolean {
  const jwk = key.export({ format: 'jwk' });
  const [n, e, d, p, q, dp, dq, qi] = [jwk.n, jwk.e, jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi]
    .map((number) => BigInt(`0x${Buffer.from(String(number), 'base64url').toString('hex')}`));
  return (
    n === p * q
    && (e * d) % (p - 1n) === 1n
    && (e * d) % (q - 1n) === 1n
    && dp === d % (p - 1n)
    && dq === d % (q - 1n)
    && (q * qi) % p === 1n
  );
}
