import * as fc from 'fast-check';
import { openSshPrivateKey, parseOpenSshPrivateKey } from '../../../handlers/regenerate/open-ssh-private-key';
import { SshKeyPairGenerator } from '../../../handlers/regenerate/ssh-key-pair-generator';
import { readSshKey, sshKeyParts } from '../../../handlers/regenerate/ssh-key-parts';
import { sshNumber, SshReader, sshString } from '../../../handlers/regenerate/ssh-wire';
import type { KeySpec } from '../../../src/contract/value-rules';
import { generatedKey } from '../../servers/generated-key';
import { KEYS } from '../support/ssh-keys';

const SPECS: Record<string, KeySpec> = {
  'ssh-ed25519': 'ed25519',
  'ssh-rsa': 'rsa2048',
  'ecdsa-sha2-nistp256': 'p256',
  'ecdsa-sha2-nistp384': 'p384',
  'ecdsa-sha2-nistp521': 'p521',
};
const NAMES = Object.keys(KEYS);
const printable = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)), maxLength: 128 });

describe('the data types of SSH', () => {
  test('strings are read as they were written', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array()), (values) => {
      const reader = new SshReader(Buffer.concat(values.map((value) => sshString(Buffer.from(value)))));
      expect(values.map(() => Buffer.from(reader.string()))).toEqual(values.map((value) => Buffer.from(value)));
      expect(() => reader.take(1)).toThrow(RangeError);
    }));
  });

  test('numbers are as short as they can be, and never negative', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 5 }), (bytes, zeros) => {
      const written = new SshReader(sshNumber(Buffer.concat([Buffer.alloc(zeros), bytes]))).string();
      const value = (digits: Buffer) => BigInt(`0x0${digits.toString('hex')}`);
      expect(value(written)).toBe(value(Buffer.from(bytes)));
      expect(written.length === 0 || written[0] < 0x80).toBe(true);
      expect(written.length > 1 && written[0] === 0 ? written[1] >= 0x80 : written[0] !== 0).toBe(true);
    }));
  });

  test.each([
    ['00', '00000000'],
    ['09a378f9b2e332a7', '0000000809a378f9b2e332a7'],
    ['80', '000000020080'],
  ])('RFC 4251: %s is %s', (number, written) => {
    expect(sshNumber(Buffer.from(number, 'hex')).toString('hex')).toBe(written);
  });

  test('what is shorter than it says is an error', () => {
    expect(() => new SshReader(Buffer.from('00000004616263', 'hex')).string()).toThrow(RangeError);
  });
});

test.each(NAMES)(
  '%s: is read again as what was written, whatever the comment, and with one character changed it is no pair any more',
  (name) => {
    const key = KEYS[name]();
    const publicKey = `${name} ${sshKeyParts(key).publicKey.toString('base64')}`;
    fc.assert(fc.property(printable, fc.nat(), fc.nat({ max: 126 }), (comment, position, code) => {
      const text = openSshPrivateKey(key, comment);
      expect(parseOpenSshPrivateKey(text, comment).equals(key)).toBe(true);
      expect(() => parseOpenSshPrivateKey(text, `${comment}.`)).toThrow();
      const at = position % text.length;
      const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
      const rules = { spec: SPECS[name], publicKeyField: 'publicKey', ...comment && { comment } };
      const values = [changed, [publicKey, ...comment ? [comment] : []].join(' ')];
      expect(new SshKeyPairGenerator(rules).couldHaveMade(values)).toBe(changed === text);
    }), { numRuns: 25 });
  },
);

test('a private number that is too long for its curve is refused before Node.js sees it, which would end the process', () => {
  const { x, y } = generatedKey('P-256').export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), ...[x, y].map((coordinate) => Buffer.from(String(coordinate), 'base64url'))]);
  const parts = [sshString('ecdsa-sha2-nistp256'), sshString('nistp256'), sshString(point), sshNumber(Buffer.alloc(33, 1))];
  expect(() => readSshKey(new SshReader(Buffer.concat(parts)))).toThrow(RangeError);
});

test('private numbers with leading zeros keep their value', () => {
  let key = generatedKey('P-256');
  while (Buffer.from(String(key.export({ format: 'jwk' }).d), 'base64url')[0] !== 0) {
    key = generatedKey('P-256');
  }
  expect(parseOpenSshPrivateKey(openSshPrivateKey(key, ''), '').equals(key)).toBe(true);
});

test('has the form that OpenSSH describes: lines of 70 characters, whole blocks, check bytes of its own', () => {
  const key = KEYS['ssh-ed25519']();
  const text = openSshPrivateKey(key, 'x', Buffer.from('01020304', 'hex'));
  const [first, ...lines] = text.split('\n');
  expect([first, ...lines.splice(-2)]).toEqual(['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----', '']);
  expect(lines.slice(0, -1).every((line) => line.length === 70)).toBe(true);
  const bytes = Buffer.from(lines.join(''), 'base64');
  expect(bytes.subarray(0, 15).toString()).toBe('openssh-key-v1\0');
  expect(bytes.indexOf(Buffer.from('0102030401020304', 'hex'))).toBeGreaterThan(0);
  const secret = bytes.subarray(bytes.indexOf(Buffer.from('01020304', 'hex')));
  expect(secret.length % 8).toBe(0);
  expect(openSshPrivateKey(key, '')).not.toBe(openSshPrivateKey(key, ''));
});
