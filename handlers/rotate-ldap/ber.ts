/** Tags of the types that LDAP has, beside those of its own. */
export const Tag = { boolean: 0x01, integer: 0x02, octets: 0x04, enumerated: 0x0a, sequence: 0x30, set: 0x31 } as const;

/** Bytes that are not the BER of LDAP: lengths in their definite form, tags of one byte. */
export class NotBer extends Error {}

/** An element, and where it ends. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly end: number;
}

/** Many times what an answer to a rotation has. */
const MAXIMUM_LENGTH = 64 * 1024;
const SHORT_LENGTHS = 0x80;
const BYTE = 0x100;
const LONGEST_LENGTH = 4;
const LONGEST_INTEGER = 4;
const TAG_OF_SEVERAL_BYTES = 0x1f;

/** An element of one value, or of several elements one after the other. */
export function encode(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

/** A number that is not negative. */
export function encodeInteger(value: number, tag: number = Tag.integer): Buffer {
  const digits = bytesOf(value);
  // The highest bit is the sign.
  return encode(tag, Buffer.from(digits[0] < SHORT_LENGTHS ? digits : [0, ...digits]));
}

/** The element that begins there; nothing while it is not all there. Throws {@link NotBer} for what can never be one. */
export function decode(bytes: Buffer, start = 0): Element | undefined {
  if (bytes.length < start + 2) {
    return undefined;
  }
  const [tag, first] = bytes.subarray(start, start + 2);
  const lengthBytes = first < SHORT_LENGTHS ? 0 : first - SHORT_LENGTHS;
  const begin = start + 2 + lengthBytes;
  if (tag % (TAG_OF_SEVERAL_BYTES + 1) === TAG_OF_SEVERAL_BYTES || first === SHORT_LENGTHS || lengthBytes > LONGEST_LENGTH) {
    throw new NotBer();
  }
  if (bytes.length < begin) {
    return undefined;
  }
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes);
  if (length > MAXIMUM_LENGTH) {
    throw new NotBer();
  }
  const end = begin + length;
  return bytes.length < end ? undefined : { tag, content: bytes.subarray(begin, end), end };
}

/** The elements that a content is made of. */
export function elementsOf(content: Buffer): Element[] {
  const elements: Element[] = [];
  for (let end = 0; end < content.length; end = elements.at(-1)!.end) {
    const element = decode(content, end);
    if (!element) {
      throw new NotBer();
    }
    elements.push(element);
  }
  return elements;
}

/** The element of a tag, and no other. */
export function expectTag(element: Element | undefined, tag: number): Element {
  if (element?.tag !== tag) {
    throw new NotBer();
  }
  return element;
}

/** A number of the length that LDAP has, which is not negative. */
export function numberIn({ content }: Element): number {
  if (content.length === 0 || content.length > LONGEST_INTEGER || content[0] >= SHORT_LENGTHS) {
    throw new NotBer();
  }
  return content.readUIntBE(0, content.length);
}

function encodeLength(length: number): Buffer {
  const digits = bytesOf(length);
  return Buffer.from(length < SHORT_LENGTHS ? digits : [SHORT_LENGTHS + digits.length, ...digits]);
}

function bytesOf(value: number): number[] {
  const digits = [value % BYTE];
  for (let rest = Math.floor(value / BYTE); rest > 0; rest = Math.floor(rest / BYTE)) {
    digits.unshift(rest % BYTE);
  }
  return digits;
}
