import * as fc from 'fast-check';
import { parseAccount } from '../../../handlers/rotate-mysql/account';
import { quoteAccount, quoteIdentifier, quoteLiteral } from '../../../handlers/rotate-mysql/quoting';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });

test('nothing ends a quotation early', () => {
  fc.assert(fc.property(text, (value) => {
    expect(quoteIdentifier(value)).toMatch(/^`(?:[^`]|``)*`$/);
    expect(quoteLiteral(value)).toMatch(/^'(?:[^']|'')*'$/);
    expect(quoteAccount({ username: value, host: '%' })).toBe(`${quoteIdentifier(value)}@\`%\``);
  }));
});

test('an account is read from what the server says, whatever is in the name', () => {
  fc.assert(fc.property(text, (username) => {
    expect(parseAccount(`${username}@10.0.0.%`)).toEqual({ username, host: '10.0.0.%' });
  }));
});
