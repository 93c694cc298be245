import * as fc from 'fast-check';
import {
  cachingSha2Hash,
  checkedRounds,
  isHashOf,
  MAXIMUM_ROUNDS,
  saltFor,
} from '../../../handlers/rotate-mysql/caching-sha2-hash';

/** The example that hashcat publishes for what MySQL stores, its mode 7401. */
const SALT = Buffer.from('F9CC98CE08892924F50A213B6BC571A2C11778C5', 'hex').toString('latin1');
const DIGEST = Buffer.from('625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647562F', 'hex')
  .toString('latin1');

test('is what MySQL stores', () => {
  expect(cachingSha2Hash('hashcat', SALT, 5_000)).toBe(`$A$005$${SALT}${DIGEST}`);
});

test.each([
  ['Hello world!', 'saltstring', 5_000, '5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  ['Hello world!', 'saltstringsaltst', 10_000, '3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA'],
  ['This is just a test', 'toolongsaltstrin', 5_000, 'Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5'],
])('is SHA-crypt, with salts of other lengths too: %s, %s', (password, salt, rounds, digest) => {
  expect(cachingSha2Hash(password, salt, rounds).slice(-digest.length)).toBe(digest);
});

test('rounds are thousands, in hexadecimal', () => {
  expect(cachingSha2Hash('x', SALT, 10_000)).toMatch(/^\$A\$00A\$/);
  expect(cachingSha2Hash('x', SALT, 255_000)).toMatch(/^\$A\$0FF\$/);
});

test('is recognised, and no other is', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 70 }), fc.string({ maxLength: 10 }), (password, other) => {
    const stored = cachingSha2Hash(password, saltFor('app', 'token'), 1_000);
    expect(stored).toHaveLength(70);
    expect(isHashOf(stored, password)).toBe(true);
    expect(isHashOf(stored, `${password}x${other}`)).toBe(false);
  }), { numRuns: 30 });
  expect(['', '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29', '$A$005$short'].some((stored) => isHashOf(stored, 'x'))).toBe(false);
});

test.each([['5000', 5_000], ['10000', 10_000], ['5999', 5_000], [String(MAXIMUM_ROUNDS), MAXIMUM_ROUNDS]])(
  'rounds are as many as the server says, in whole thousands: %s',
  (text, rounds) => {
    expect(checkedRounds(text)).toBe(rounds);
  },
);

test.each(['1000000000000', '4095001', '4999', '0', '-5000', 'Infinity', 'NaN', '', 'many'])(
  'a number that no server hashes in is not computed: %j',
  (text) => {
    expect(() => checkedRounds(text)).toThrow('in a number of rounds that no server does');
  },
);

test('more rounds than a function has time for are not computed, although MySQL allows them', () => {
  const refusal = {
    errorClass: 'configuration',
    message: expect.stringContaining('set caching_sha2_password_digest_rounds to fewer'),
  };
  const thrownBy = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (thrown) {
      return thrown;
    }
  };
  expect(thrownBy(() => checkedRounds(String(MAXIMUM_ROUNDS + 1)))).toMatchObject(refusal);
  expect(thrownBy(() => isHashOf(`$A$FFF$${saltFor('app', 'token')}${DIGEST}`, 'hashcat'))).toMatchObject(refusal);
});

test('a salt is that of one user and one version, in characters that need no quotation', () => {
  expect(saltFor('app', 'token')).toMatch(/^[./0-9A-Za-z]{20}$/);
  expect(saltFor('app', 'token')).toBe(saltFor('app', 'token'));
  expect(new Set([saltFor('app', 'token'), saltFor('app', 'other'), saltFor('apps', 'token'), saltFor('ap', 'ptoken')]).size)
    .toBe(4);
});
