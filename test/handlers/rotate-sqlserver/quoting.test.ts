import * as fc from 'fast-check';
import { quoteIdentifier, quoteLiteral } from '../../../handlers/rotate-sqlserver/quoting';
import { SQLSERVER_NAMES } from '../../../src/contract/name-rules';

const UNQUOTABLE = SQLSERVER_NAMES.user.unfit;

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const hostile = fc
  .array(fc.constantFrom(']', '[', "'", '"', '\\', '\n', '\r', ';', '--', '/*', '*/', 'N', '\0', 'x'), { maxLength: 20 })
  .map((parts) => parts.join(''));

test('nothing ends a quotation early, and what is quoted comes back', () => {
  fc.assert(fc.property(fc.oneof(text, hostile), (value) => {
    expect(quoteIdentifier(value)).toMatch(/^\[(?:[^\]]|\]\])*\]$/);
    expect(quoteIdentifier(value).slice(1, -1).replaceAll(']]', ']')).toBe(value);
    expect(quoteLiteral(value)).toMatch(/^N'(?:[^']|'')*'$/);
    expect(quoteLiteral(value).slice(2, -1).replaceAll("''", "'")).toBe(value);
  }));
});

test('a backslash before the end of a line is refused: the server would take both away', () => {
  fc.assert(fc.property(hostile, (value) => {
    expect(UNQUOTABLE.test(value)).toBe(value.includes('\\\n') || value.includes('\\\r\n') || value.includes('\0'));
  }));
  expect(['a\\\nb', 'a\\\r\nb', '\ud800', 'x\udc00'].every((value) => UNQUOTABLE.test(value))).toBe(true);
  expect(['a\nb', 'a\\b', '\\', '😀', ''].some((value) => UNQUOTABLE.test(value))).toBe(false);
});
