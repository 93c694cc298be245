/** Certificates as they are packed, by file: in hexadecimal digits they take less room than in base 64, once compressed. */
export type PackedCertificates = Readonly<Record<string, readonly string[]>>;

const PEM = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g;
const LINE = /.{1,64}/g;

export function packCertificates(pem: string): string[] {
  return [...pem.matchAll(PEM)].map(([, text]) => Buffer.from(text, 'base64').toString('hex'));
}

export function unpackCertificates(packed: readonly string[]): string {
  const lines = packed.flatMap((digits) => [
    '-----BEGIN CERTIFICATE-----',
    ...Buffer.from(digits, 'hex').toString('base64').match(LINE)!,
    '-----END CERTIFICATE-----',
  ]);
  return `${lines.join('\n')}\n`;
}
