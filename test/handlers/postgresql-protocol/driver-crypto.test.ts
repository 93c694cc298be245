import { randomBytes as bytes } from 'node:crypto';
import * as own from '../../../handlers/postgresql-protocol/driver-crypto';

/** What the bundler takes out of the driver. */
const theirs = jest.requireActual<typeof own>('pg/lib/crypto/utils');
const PASSWORDS = ['secret', 'pässword with ✓', '\u{1f511}', 'x'.repeat(300)];

async function hex(work: Promise<Uint8Array | ArrayBuffer>): Promise<string> {
  return Buffer.from(await work as Uint8Array).toString('hex');
}

test('there is what the driver has, and nothing else', () => {
  expect(Object.keys(own).sort()).toEqual(Object.keys(theirs).sort());
});

test.each(PASSWORDS)('the key and the proofs of SCRAM are those of the driver: %s', async (password) => {
  const salt = bytes(16);
  const key = await own.deriveKey(password, salt, 4096);
  expect(key.toString('hex')).toBe(await hex(theirs.deriveKey(password, salt, 4096)));
  expect(await hex(own.hmacSha256(key, password))).toBe(await hex(theirs.hmacSha256(key, password)));
  expect(await hex(own.sha256(key))).toBe(await hex(theirs.sha256(key)));
});

test.each(['SHA-256', 'SHA-384', 'SHA-512'])('a certificate is hashed as by the driver: %s', async (name) => {
  const certificate = bytes(1_000);
  expect(await hex(own.hashByName(name, certificate))).toBe(await hex(theirs.hashByName(name, certificate)));
});

test('the answer to a demand for MD5 is that of the driver', async () => {
  const salt = bytes(4);
  for (const password of PASSWORDS) {
    expect(await own.md5(password)).toBe(await theirs.md5(password));
    expect(await own.postgresMd5PasswordHash('appl', password, salt))
      .toBe(await theirs.postgresMd5PasswordHash('appl', password, salt));
  }
});

test('a nonce is as long as asked for, and another one each time', () => {
  expect(own.randomBytes(18)).toHaveLength(18);
  expect(own.randomBytes(18)).not.toEqual(own.randomBytes(18));
});
