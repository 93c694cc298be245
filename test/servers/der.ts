/* eslint-disable no-bitwise */
const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const header = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) {
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return bytes;
}

/** The few ASN.1 DER types that an X.509 certificate is made of. */
export const Der = {
  sequence: (...items: Buffer[]): Buffer => encode(TAGS.sequence, Buffer.concat(items)),
  set: (...items: Buffer[]): Buffer => encode(TAGS.set, Buffer.concat(items)),
  true: (): Buffer => encode(TAGS.boolean, Buffer.from([0xff])),
  /** The bytes of a positive number, most significant first. */
  integer: (bytes: Buffer): Buffer => encode(TAGS.integer, bytes[0] & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes),
  bitString: (bytes: Buffer, unusedBits = 0): Buffer => encode(TAGS.bitString, Buffer.concat([Buffer.from([unusedBits]), bytes])),
  octetString: (bytes: Buffer): Buffer => encode(TAGS.octetString, bytes),
  utf8String: (text: string): Buffer => encode(TAGS.utf8String, Buffer.from(text)),
  utcTime: (time: Date): Buffer => encode(TAGS.utcTime, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`)),
  objectIdentifier: (dotted: string): Buffer => {
    const [first, second, ...rest] = dotted.split('.').map(Number);
    return encode(TAGS.objectIdentifier, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  /** A context-specific tag around whole elements. */
  explicit: (number: number, content: Buffer): Buffer => encode(0xa0 + number, content),
  /** A context-specific tag in place of a primitive's own. */
  implicit: (number: number, content: Buffer): Buffer => encode(0x80 + number, content),
};
