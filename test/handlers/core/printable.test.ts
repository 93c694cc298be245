import * as fc from 'fast-check';
import { printable } from '../../../handlers/core/printable';

test.each([
  ['plain text, ü and 漢', 'plain text, ü and 漢'], ['a\nb\r\tc', 'a\\u{a}b\\u{d}\\u{9}c'], ['\x1b[31mred', '\\u{1b}[31mred'],
  ['\u202eright to left', '\\u{202e}right to left'], ['\u2028', '\\u{2028}'], ['\u0085', '\\u{85}'], ['\ud800', '\\u{d800}'], ['😀', '😀'],
])('%j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('nothing that ends a line or moves a cursor is left', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(printable(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
  }));
});
