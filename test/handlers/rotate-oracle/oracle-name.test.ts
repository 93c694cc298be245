import * as fc from 'fast-check';
import {
  canBeQuoted,
  catalogueName,
  quoteIdentifier,
  quotePassword,
  writtenName,
} from '../../../handlers/rotate-oracle/oracle-name';

test.each([
  ['app', 'APP'], ['App_1$#', 'APP_1$#'], ['C##app', 'C##APP'], ['"App"', 'App'], ['"my app"', 'my app'], ['"ünï"', 'ünï'],
  ['"1"', '1'],
])('%s is %s in the catalogue', (written, name) => {
  expect(catalogueName(written)).toBe(name);
});

test.each([
  '',
  '""',
  '1app',
  '_app',
  'my app',
  'my-app',
  'ünï',
  '"a"b"',
  '"App"_clone',
  'app[sys]',
  'a"',
  'a.b',
  '"a\0b"',
  `"${'x'.repeat(129)}"`,
  'x'.repeat(129),
  `"${'ü'.repeat(65)}"`,
])('%j is no name', (written) => {
  expect(() => catalogueName(written)).toThrow('configuration: the user name is longer than 128 bytes, or');
});

/** What Oracle reads: up to the next quotation mark, whatever is between them. */
const readBack = (text: string): string | undefined => /^"([^"]*)"$/.exec(text)?.[1];

test('whatever can be quoted is read back, and nothing ends a quotation early', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
    if (canBeQuoted(text)) {
      expect([readBack(quoteIdentifier(text)), readBack(quotePassword(text))]).toEqual([text, text]);
    } else {
      expect(() => quoteIdentifier(text)).toThrow('configuration: a name has a quotation mark');
      expect(() => quotePassword(text)).toThrow('configuration: a password has a quotation mark');
    }
  }));
});

test.each(['', 'a"b', 'a\0b', '\ud800'])('%j cannot be quoted', (text) => {
  expect(canBeQuoted(text)).toBe(false);
});

test('how a user signs in is read as that user', () => {
  const name = fc.stringMatching(/^[A-Za-z[\] $#_0-9ü]{1,20}$/);
  fc.assert(fc.property(name, (text) => {
    expect(catalogueName(writtenName(text))).toBe(text);
  }));
});

const { Statement } = jest.requireActual<{
  Statement: new () => { sql: string; bindInfoList: unknown[]; _prepare(sql: string): void };
}>('oracledb/lib/thin/statement.js');

test('the driver takes nothing in a password for a value beside the statement', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter(canBeQuoted), (password) => {
    for (const sql of [
      `ALTER USER "X" IDENTIFIED BY ${quotePassword(password)}`,
      `CREATE USER "X" IDENTIFIED BY ${quotePassword(`:a ${password}`)}`,
    ]) {
      const statement = new Statement();
      statement._prepare(sql);
      expect([statement.sql, statement.bindInfoList]).toEqual([sql, []]);
    }
  }));
});
