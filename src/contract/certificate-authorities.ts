import { brotliCompressSync, brotliDecompressSync } from 'zlib';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g;
/** More than synthesis takes, by far: a small text may stand for a large one. */
const MAXIMUM_LENGTH = 65_536;
/** Bytes that say how long a certificate is. */
const PREFIX = 2;

/**
 * Certificates in about half as much text: what PEM adds, and what certificates have in common, is left out.
 *
 * The same text each time, also by another version of Node.js: a template must not change by itself.
 */
export function packCertificates(pem: string): string {
  const certificates = [...pem.matchAll(CERTIFICATE)].map(([, base64]) => Buffer.from(base64, 'base64'));
  return brotliCompressSync(Buffer.concat(certificates.flatMap((one) => [lengthOf(one), one]))).toString('base64');
}

/**
 * The PEM text of certificates; PEM text stays as it is.
 *
 * @throws where it is neither.
 */
export function unpackCertificates(text: string): string {
  if (text.includes('-')) {
    return text;
  }
  let rest = brotliDecompressSync(Buffer.from(text, 'base64'), { maxOutputLength: MAXIMUM_LENGTH });
  const certificates: string[] = [];
  while (rest.length > 0) {
    const end = rest.length > PREFIX ? PREFIX + rest.readUInt16BE() : Infinity;
    if (end > rest.length || end === PREFIX) {
      throw new Error('not certificates');
    }
    certificates.push(pemOf(rest.subarray(PREFIX, end)));
    rest = rest.subarray(end);
  }
  return certificates.join('');
}

function lengthOf({ length }: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt16BE(length);
  return prefix;
}

function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
