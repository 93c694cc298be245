const BASE64 = /(?<=-----BEGIN CERTIFICATE-----\n)[^-]+(?=\n-----END CERTIFICATE-----)/g;
const DIGITS = /^[0-9a-f]{64,}$/gm;
const LINE = /.{1,64}/g;

/** Writes certificates in hexadecimal digits, which take less room than base 64 once they are compressed. */
export function toDigits(pem: string): string {
  return pem.replace(BASE64, (text) => Buffer.from(text, 'base64').toString('hex'));
}

export function fromDigits(packed: string): string {
  return packed.replace(DIGITS, (digits) => Buffer.from(digits, 'hex').toString('base64').match(LINE)!.join('\n'));
}
