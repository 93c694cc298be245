import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { generatorOf } from '../../../handlers/regenerate/generator-of';
import { KEY_SPECS, type KeySpec, type ValueRules } from '../../../src/contract/value-rules';
import { generatedKey } from '../../servers/generated-key';

const deadline = (milliseconds = 60_000) => new Deadline(systemClock, milliseconds);
const made = async (rules: ValueRules, times = 1): Promise<string[][]> =>
  Promise.all(Array.from({ length: times }, () => generatorOf(rules).generate(deadline())));
const accepts = (rules: ValueRules, values: string[]): boolean => generatorOf(rules).couldHaveMade(values);
const pairOf = (key: KeyObject) => [
  key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
];

const password = { length: 20, excludeCharacters: '"' };
const apiToken = { prefix: 'acme_', alphabet: '0123456789abcdef', length: 32 };
const publicKeyField = 'publicKey';

describe('a single value', () => {
  test.each<[string, ValueRules, RegExp]>([
    ['password', { password }, /^[!#-~]{20}$/],
    ['API token', { apiToken }, /^acme_[0-9a-f]{32}$/],
    ['API token without prefix', { apiToken: { ...apiToken, prefix: '' } }, /^[0-9a-f]{32}$/],
    ['symmetric key', { symmetricKey: { bytes: 32 } }, /^[A-Za-z0-9+/]{43}=$/],
    ['longer symmetric key', { symmetricKey: { bytes: 64 } }, /^[A-Za-z0-9+/]{86}==$/],
    ['UUID', { uuid: true }, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
  ])('%s: has its form, is another each time, and is known again', async (_, rules, form) => {
    const values = (await made(rules, 100)).flat();
    expect(new Set(values).size).toBe(100);
    expect(values.filter((value) => !form.test(value) || !accepts(rules, [value]))).toEqual([]);
  });

  test.each<[ValueRules, string]>([
    [{ password }, 'too short'], [{ password }, ''],
    [{ apiToken }, 'acme-0123456789abcdef0123456789abcdef'], [{ apiToken }, 'acme_0123456789abcdef0123456789abcde'],
    [{ apiToken }, 'acme_0123456789abcdef0123456789abcdef0'], [{ apiToken }, 'acme_0123456789ABCDEF0123456789abcdef'],
    [{ apiToken }, 'acme_'],
    [{ symmetricKey: { bytes: 16 } }, Buffer.alloc(32).toString('base64')],
    [{ symmetricKey: { bytes: 16 } }, Buffer.alloc(16).toString('base64url')],
    [{ symmetricKey: { bytes: 16 } }, `${Buffer.alloc(16).toString('base64')}\n`], [{ symmetricKey: { bytes: 16 } }, ''],
    [{ uuid: true }, '8c9b1f0e-5d3a-1c2b-9f1e-0123456789ab'], [{ uuid: true }, '8C9B1F0E-5D3A-4C2B-9F1E-0123456789AB'],
    [{ uuid: true }, 'no UUID'],
  ])('%j would not have made %j', (rules, value) => {
    expect(accepts(rules, [value])).toBe(false);
  });

  test('a token has every character of any alphabet, about equally often', async () => {
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 33, max: 126 }), { minLength: 2 }), async (codes) => {
      const alphabet = String.fromCharCode(...codes);
      const rules = { apiToken: { prefix: '', alphabet, length: alphabet.length * 100 } };
      const [[token]] = await made(rules);
      const counts = [...alphabet].map((character) => token.split(character).length - 1);
      expect(Math.min(...counts)).toBeGreaterThan(35);
      expect(Math.max(...counts)).toBeLessThan(190);
      expect(accepts(rules, [token])).toBe(true);
    }), { numRuns: 30 });
  });
});

describe.each(KEY_SPECS)('a key pair, %s', (spec) => {
  let pair: string[];
  const other: KeySpec = spec === 'p256' ? 'p384' : 'p256';

  beforeAll(async () => {
    [pair] = await made({ keyPair: { spec, publicKeyField } });
  });

  test('is PKCS #8 and SubjectPublicKeyInfo of its algorithm and size', () => {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pair[0]);
    const expected = {
      rsa2048: ['rsa', 2048],
      rsa3072: ['rsa', 3072],
      rsa4096: ['rsa', 4096],
      p256: ['ec', 'prime256v1'],
      p384: ['ec', 'secp384r1'],
      p521: ['ec', 'secp521r1'],
      ed25519: ['ed25519', undefined],
    }[spec];
    expect([asymmetricKeyType, asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve]).toEqual(expected);
    expect(pair[0]).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
    expect(pair[1]).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^-]+-----END PUBLIC KEY-----\n$/);
    expect(pair).toEqual(pairOf(createPrivateKey(pair[0])));
    expect(accepts({ keyPair: { spec, publicKeyField } }, pair)).toBe(true);
    expect(accepts({ keyPair: { spec: other, publicKeyField } }, pair)).toBe(false);
  });

  test('is told from one whose halves do not belong together, and from other forms of it', async () => {
    const rules = { keyPair: { spec, publicKeyField } };
    const [stranger] =
      spec === 'rsa4096' ? [pairOf(generatedKey('P-256'))] : await made(rules);
    const key = createPrivateKey(pair[0]);
    const der = key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    const forms = [
      [pair[0], stranger[1]], [stranger[0], pair[1]], [pair[0], ''], ['', pair[1]], [`${pair[0]}\n`, pair[1]],
      [pair[0], pair[1].trim()], [der, pair[1]], [pair[1], pair[0]],
    ];
    expect(forms.filter((values) => accepts(rules, values))).toEqual([]);
  });
});

/** The largest takes seconds, and is no different. */
test.each(KEY_SPECS.filter((spec) => spec !== 'rsa4096'))(
  'a key pair for SSH, %s, is told from others, and from other forms of it',
  async (spec) => {
    const rules = { sshKeyPair: { spec, publicKeyField, comment: 'deploy' } };
    const [[privateKey, publicKey], stranger] = await made(rules, 2);
    const forms = [
      [privateKey, stranger[1]], [stranger[0], publicKey], [privateKey, publicKey.replace('deploy', 'other')],
      [privateKey.trim(), publicKey],
      [privateKey.replace(/\n/g, '\r\n'), publicKey], ['', publicKey], ['no key', 'at all'],
    ];
    expect(accepts(rules, [privateKey, publicKey])).toBe(true);
    expect(forms.filter((values) => accepts(rules, values))).toEqual([]);
    const others = [{ comment: undefined }, { pem: true }, { spec: spec === 'p256' ? 'p384' as const : 'p256' as const }];
    expect(others.filter((other) => accepts({ sshKeyPair: { ...rules.sshKeyPair, ...other } }, [privateKey, publicKey])))
      .toEqual([]);
  },
);

test('a pair for SSH may be in PEM, without a comment', async () => {
  const rules = { sshKeyPair: { spec: 'p256', publicKeyField, pem: true } } as const;
  const [[privateKey, publicKey]] = await made(rules);
  expect(createPrivateKey(privateKey).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(publicKey).toMatch(/^ecdsa-sha2-nistp256 [A-Za-z0-9+/]+=*$/);
  expect(accepts(rules, [privateKey, publicKey])).toBe(true);
  expect(accepts(rules, [`${privateKey}\n`, publicKey])).toBe(false);
});

describe('a key whose numbers do not belong together is none, though OpenSSL may sign with it', () => {
  const [one, two] = [1, 2].map(() => generatedKey('rsa2048').export({ format: 'jwk' }));

  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi'] as const)('%s', (name) => {
    const mixed = pairOf(createPrivateKey({ key: { ...one, [name]: two[name] }, format: 'jwk' }));
    expect(accepts({ keyPair: { spec: 'rsa2048', publicKeyField } }, pairOf(createPrivateKey({ key: one, format: 'jwk' }))))
      .toBe(true);
    expect(accepts({ keyPair: { spec: 'rsa2048', publicKeyField } }, mixed)).toBe(false);
  });
});

test.each(['keyPair', 'sshKeyPair'])('a private number that is too long for its curve ends nothing but the rotation: '
  + '%s', (kind) => {
  const pkcs8 = generatedKey('P-256').export({ type: 'pkcs8', format: 'der' });
  // SEQUENCE of version, algorithm and an OCTET STRING with the private number, here with a byte more than there is room for.
  const algorithm = pkcs8.subarray(6, 27);
  const element = (tag: number, ...parts: Buffer[]) => Buffer.concat([Buffer.of(tag, Buffer.concat(parts).length), ...parts]);
  const version = (number: number) => element(2, Buffer.of(number));
  const key = element(0x30, version(0), algorithm, element(4, element(0x30, version(1), element(4, Buffer.alloc(33, 1)))));
  const pem = `-----BEGIN PRIVATE KEY-----\n${key.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`;
  expect(accepts({ [kind]: { spec: 'p256', publicKeyField, pem: true } }, [pem, 'x'])).toBe(false);
});

test('a key that takes too long ends with the function\'s time, and the error says what helps', async () => {
  const late = generatorOf({ keyPair: { spec: 'rsa4096', publicKeyField } }).generate(deadline(25));
  await expect(late).rejects.toMatchObject({ errorClass: 'timeout', message: expect.stringContaining('raise its memorySize') });
  await expect(generatorOf({ keyPair: { spec: 'p256', publicKeyField } }).generate(deadline(0)))
    .rejects.toMatchObject({ errorClass: 'timeout' });
});
