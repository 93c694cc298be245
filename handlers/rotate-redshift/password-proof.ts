import { createHash } from 'node:crypto';

/** What the cluster stores of a password that is set as an MD5 hash: the user's name is its salt. */
export function md5Hash(username: string, password: string): string {
  return `md5${md5(`${password}${username}`)}`;
}

/** The answer to a demand for an MD5 hash. */
export function md5Proof(username: string, password: string, salt: Buffer): string {
  return `md5${md5(md5(`${password}${username}`), salt)}`;
}

export interface DigestDemand {
  readonly salt: Buffer;
  readonly serverNonce: Buffer;
}

/** The answer to a demand for a digest, which Amazon Redshift makes of users whose password it stores as SHA-256. */
export function digestProof(password: string, { salt, serverNonce }: DigestDemand, clientNonce: Buffer): Buffer {
  return sha256(sha256(Buffer.from(password), salt), serverNonce, clientNonce);
}

function md5(...parts: (string | Buffer)[]): string {
  return parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest('hex');
}

function sha256(...parts: Buffer[]): Buffer {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
}
