import * as fc from 'fast-check';
import { decode, elementsOf, encode, encodeInteger, expectTag, NotBer, numberIn, Tag } from '../../../handlers/rotate-ldap/ber';
import { Der } from '../../servers/der';

const tags = fc.constantFrom(Tag.octets, Tag.sequence, 0x60, 0x80, 0xa3);
const contents = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

test.each([0, 1, 127, 128, 255, 256, 65_535])('%d bytes are read as they were written', (length) => {
  const content = Buffer.alloc(length, 7);
  const bytes = encode(Tag.octets, content);
  expect(bytes).toEqual(Der.octetString(content));
  expect(decode(bytes)).toEqual({ tag: Tag.octets, content, end: bytes.length });
});

test('the longest has three bytes for its length', () => {
  const content = Buffer.alloc(64 * 1024);
  expect(decode(encode(Tag.octets, content))).toEqual({ tag: Tag.octets, content, end: content.length + 5 });
});

test.each(['3081', '308201', '30830001'])('a length of which a byte is missing is waited for: %s', (bytes) => {
  expect(decode(Buffer.from(bytes, 'hex'))).toBeUndefined();
});

test('whatever the elements are, they are read back, and nothing is before the last byte is there', () => {
  fc.assert(fc.property(fc.array(fc.tuple(tags, contents), { maxLength: 5 }), (elements) => {
    const parts = elements.map(([tag, content]) => encode(tag, content));
    expect(elementsOf(Buffer.concat(parts)).map(({ tag, content }) => [tag, content])).toEqual(elements);
    for (const part of parts) {
      for (const length of [0, 1, 2, 3, part.length - 1].filter((some) => some < part.length)) {
        expect(decode(part.subarray(0, length))).toBeUndefined();
      }
    }
  }));
});

test('whatever the number is, it is read back, and never as a negative one', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0x7fffffff }), (value) => {
    const element = decode(encodeInteger(value))!;
    expect(numberIn(element)).toBe(value);
    expect(element.content[0]).toBeLessThan(0x80);
  }));
});

test.each([[127, '02017f'], [128, '02020080'], [255, '020200ff'], [256, '02020100'], [0x8000, '0203008000']])(
  'the highest bit is no sign: %d', (value, bytes) => {
    expect(encodeInteger(value).toString('hex')).toBe(bytes);
  });

test('whatever the bytes are, they are an element, the beginning of one, or refused as none', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    const read = (): unknown => elementsOf(Buffer.from(bytes));
    try {
      expect(read()).toBeInstanceOf(Array);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(NotBer);
    }
  }));
});

test.each([
  ['a length without an end', [0x30, 0x80, 0, 0]], ['a length of five bytes', [0x30, 0x85, 0, 0, 0, 0, 1, 0]],
  ['more bytes than any answer has', [0x30, 0x83, 0x01, 0x00, 0x01]], ['four gigabytes', [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]],
  ['a tag of several bytes', [0x1f, 0x01, 0x00]],
])('%s is refused before it is waited for', (_, bytes) => {
  expect(() => decode(Buffer.from(bytes))).toThrow(NotBer);
});

test.each([['nothing', []], ['five bytes', [0, 0, 0, 0, 1]], ['a negative number', [0xff]]])('%s is no number', (_, content) => {
  expect(() => numberIn({ tag: Tag.integer, content: Buffer.from(content), end: 0 })).toThrow(NotBer);
});

test('an element that is not all there is none of a content', () => {
  expect(() => elementsOf(Buffer.from([0x04, 0x02, 0x00]))).toThrow(NotBer);
});

test('another tag is refused, and so is nothing', () => {
  expect(() => expectTag(decode(encode(Tag.octets)), Tag.sequence)).toThrow(NotBer);
  expect(() => expectTag(undefined, Tag.sequence)).toThrow(NotBer);
});
