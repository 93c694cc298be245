import * as fc from 'fast-check';
import { quoteIdentifier, quoteLiteral } from '../../../handlers/postgresql-protocol/quoting';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

test('nothing ends a quotation early', () => {
  fc.assert(fc.property(text, (value) => {
    expect(quoteIdentifier(value)).toMatch(/^"(?:[^"]|"")*"$/);
    expect(quoteLiteral(value)).toMatch(/^(?: E'(?:[^'\\]|''|\\\\)*'|'(?:[^'\\]|'')*')$/);
  }));
});

test.each([quoteIdentifier, quoteLiteral])('a NUL is refused', (quote) => {
  expect(() => quote('a\0b')).toThrow('configuration');
});
