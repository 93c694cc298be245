import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { packCertificates, unpackCertificates } from '../../src/contract/certificate-authorities';

const PEM = readFileSync(resolve(__dirname, '../../handlers/tls/certificate-authorities/amazon-rds/eu-west-1.pem'), 'utf8');
const CERTIFICATES = PEM.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!;
const packed = (...parts: (Buffer | string)[]): string =>
  brotliCompressSync(Buffer.concat(parts.map((part) => Buffer.from(part)))).toString('base64');
const raw = (pem: string): Buffer => new X509Certificate(pem).raw;

test.each(CERTIFICATES)('a certificate gets shorter', (pem) => {
  const text = packCertificates(pem);
  expect(text).toMatch(/^[A-Za-z0-9+/=]+$/);
  expect(text.length).toBeLessThan(pem.length * 0.89);
  expect(raw(unpackCertificates(text))).toEqual(raw(pem));
});

test('several are read as they were written, whatever the ends of lines are', () => {
  const text = packCertificates(PEM.replaceAll('\n', '\r\n'));
  expect(unpackCertificates(text).match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!.map(raw)).toEqual(CERTIFICATES.map(raw));
  expect(packCertificates(CERTIFICATES.join('\n'))).toBe(text);
});

test('the text is the same with each version of Node.js: a template does not change by itself', () => {
  expect(createHash('sha256').update(packCertificates(PEM)).digest('hex'))
    .toBe('b573f8f9b4bd49cea1f0eb7dc41eb7bc2cfaec9081cb6c662809d3b0cce8500b');
});

test('PEM text stays as it is', () => {
  expect(unpackCertificates(PEM)).toBe(PEM);
});

test.each<[string, string]>([
  ['no base64', '***'],
  ['what is not compressed', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
  ['half a length', packed('x')],
  ['a certificate that ends early', packed('\0\x05abc')],
  ['a certificate of no bytes', packed('\0\0abc')],
  ['far more than certificates', packed(Buffer.alloc(1_000_000))],
])('refuses %s', (_, text) => {
  expect(() => unpackCertificates(text)).toThrow();
});
