import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, KeyPairSpec, Rotation, SecretContent, SecretGenerator } from '../../src';
import { bindingsIn } from '../support/bindings-in';
import { messageOf, only, testApp } from '../support/scenario';

const JSON_CONTENT = () => SecretContent.json({ owner: 'me' }, 'privateKey');
const rotating = (generator: SecretGenerator | undefined, content: SecretContent = JSON_CONTENT()) => {
  const stack = new Stack(testApp(), 'Stack');
  new HardenedSecret(stack, 'Secret', { secretName: 'team/it', content, rotation: Rotation.regenerate({ generator }) });
  return Template.fromStack(stack);
};
const bindingsOf = (template: Template): unknown =>
  bindingsIn(only(template, 'AWS::Lambda::Function').resource.Properties.Environment.Variables.ROTATION_BINDINGS)
    .map((binding) => ({ ...binding, secret: 'arn' }));
const bound = (generator: SecretGenerator | undefined, content?: SecretContent): unknown =>
  bindingsOf(rotating(generator, content));

describe('the function is told what to make', () => {
  test.each<[string, SecretGenerator | undefined, object]>([
    ['nothing else: as the first value', undefined, { password: { length: 32, excludeCharacters: '' } }],
    [
      'a password',
      SecretGenerator.password({ passwordLength: 64, excludePunctuation: true }),
      { password: { length: 64, excludeCharacters: '', excludePunctuation: true } },
    ],
    ['a password by default', SecretGenerator.password(), { password: { length: 32, excludeCharacters: '' } }],
    [
      'an API token',
      SecretGenerator.apiToken({ prefix: 'acme_', alphabet: '0123456789abcdef', length: 32 }),
      { apiToken: { prefix: 'acme_', alphabet: '0123456789abcdef', length: 32 } },
    ],
    [
      'an API token by default',
      SecretGenerator.apiToken(),
      { apiToken: { prefix: '', alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', length: 43 } },
    ],
    ['a symmetric key', SecretGenerator.symmetricKey({ bytes: 64 }), { symmetricKey: { bytes: 64 } }],
    ['a symmetric key by default', SecretGenerator.symmetricKey(), { symmetricKey: { bytes: 32 } }],
    ['a UUID', SecretGenerator.uuid(), { uuid: true }],
    [
      'a key pair',
      SecretGenerator.keyPair({ spec: KeyPairSpec.RSA_3072, publicKeyField: 'certified' }),
      { keyPair: { spec: 'rsa3072', publicKeyField: 'certified' } },
    ],
    ['a key pair by default', SecretGenerator.keyPair(), { keyPair: { spec: 'p256', publicKeyField: 'publicKey' } }],
    ['a pair for SSH', SecretGenerator.sshKeyPair({ spec: KeyPairSpec.RSA_4096, comment: 'deploy@example.com', pem: true }),
      { sshKeyPair: { spec: 'rsa4096', publicKeyField: 'publicKey', comment: 'deploy@example.com', pem: true } }],
    [
      'a pair for SSH by default',
      SecretGenerator.sshKeyPair({ pem: false }),
      { sshKeyPair: { spec: 'ed25519', publicKeyField: 'publicKey' } },
    ],
  ])('%s', (_, generator, rules) => {
    expect(bound(generator)).toEqual([{ secret: 'arn', field: 'privateKey', ...rules }]);
  });

  test('of one string the whole', () => {
    expect(bound(SecretGenerator.uuid(), SecretContent.generated())).toEqual([{ secret: 'arn', uuid: true }]);
  });

  test('as every specification of a key pair says', () => {
    const specs = Object.values(KeyPairSpec) as KeyPairSpec[];
    expect(specs.map(({ _spec }) => _spec)).toEqual(['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521', 'ed25519']);
  });
});

test('another generator changes nothing but the function: the secret and its first value are the same, and no value stands in '
  + 'the template', () => {
  const secretIn = (template: Template) => only(template, 'AWS::SecretsManager::Secret').resource;
  const generators = [SecretGenerator.uuid(), SecretGenerator.sshKeyPair(), SecretGenerator.password({ passwordLength: 64 })];
  const secrets = [undefined, ...generators].map((generator) => secretIn(rotating(generator)));
  expect(secrets.map(({ Properties }) => Properties.GenerateSecretString)).toEqual(secrets.map(() => (
    { PasswordLength: 32, SecretStringTemplate: '{"owner":"me"}', GenerateStringKey: 'privateKey' })));
  expect(new Set(secrets.map((secret) => JSON.stringify(secret))).size).toBe(1);
  expect(secrets.filter(({ Properties }) => 'SecretString' in Properties)).toEqual([]);
  expect(JSON.stringify(rotating(SecretGenerator.keyPair()).toJSON())).not.toContain('PRIVATE KEY');
});

const TEXT = '`SecretGenerator';

test.each<[string, () => SecretGenerator, string]>([
  [
    'a long prefix',
    () => SecretGenerator.apiToken({ prefix: 'x'.repeat(65) }),
    `${TEXT}.apiToken(prefix)\` is "${'x'.repeat(65)}", allowed: at most 64 printable ASCII characters without spaces; choose`,
  ],
  ['a prefix with a space', () => SecretGenerator.apiToken({ prefix: 'a b' }), `${TEXT}.apiToken(prefix)\` is "a b"`],
  [
    'an alphabet of one character',
    () => SecretGenerator.apiToken({ alphabet: 'x', length: 1024 }),
    `${TEXT}.apiToken(alphabet)\` is "x", allowed: 2 to 94 different printable ASCII characters without the space; name each`,
  ],
  [
    'an alphabet with a character twice',
    () => SecretGenerator.apiToken({ alphabet: 'abca', length: 1024 }),
    `${TEXT}.apiToken(alphabet)\` is "abca"`,
  ],
  [
    'an alphabet beyond ASCII',
    () => SecretGenerator.apiToken({ alphabet: 'abcä', length: 1024 }),
    `${TEXT}.apiToken(alphabet)\` is "abcä"`,
  ],
  ['a token that is guessed', () => SecretGenerator.apiToken({ length: 21 }),
    `${TEXT}.apiToken(length)\` is 21, allowed: as many characters as have 128 bits of entropy, and these have 125; give a `
      + 'greater length, or more different characters'],
  [
    'a token that is guessed, of few characters',
    () => SecretGenerator.apiToken({ alphabet: '01' }),
    `${TEXT}.apiToken(length)\` is 43`,
  ],
  [
    'a token without end',
    () => SecretGenerator.apiToken({ length: 1025 }),
    `${TEXT}.apiToken(length)\` is 1025, allowed: a whole number from 1 to 1024 characters`,
  ],
  [
    'a short key',
    () => SecretGenerator.symmetricKey({ bytes: 15 }),
    `${TEXT}.symmetricKey(bytes)\` is 15, allowed: a whole number from 16 to 1024 bytes; give 32`,
  ],
  ['half a byte', () => SecretGenerator.symmetricKey({ bytes: 16.5 }), `${TEXT}.symmetricKey(bytes)\` is 16.5`],
  ['a password that is guessed', () => SecretGenerator.password({ passwordLength: 9 }), `${TEXT}.password(passwordLength)\` is `
    + '9, allowed: as many characters as have 64 bits of entropy, and these have 58'],
  [
    'a password that cannot be',
    () => SecretGenerator.password({ passwordLength: 3 }),
    `${TEXT}.password(passwordLength)\` is 3, allowed: a whole number from 4 to 4096`,
  ],
  [
    'an empty comment',
    () => SecretGenerator.sshKeyPair({ comment: '' }),
    `${TEXT}.sshKeyPair(comment)\` is "", allowed: 1 to 128 printable ASCII characters, spaces inside; give`,
  ],
  [
    'a comment of two lines',
    () => SecretGenerator.sshKeyPair({ comment: 'a\nssh-rsa AAAA' }),
    `${TEXT}.sshKeyPair(comment)\` is "a\\nssh-rsa AAAA"`,
  ],
  [
    'a comment that ends in a space',
    () => SecretGenerator.sshKeyPair({ comment: 'a ' }),
    `${TEXT}.sshKeyPair(comment)\` is "a "`,
  ],
  ['both keys in one field', () => SecretGenerator.keyPair({ publicKeyField: 'privateKey' }),
    `${TEXT}.keyPair(publicKeyField)\` is "privateKey", allowed: another field than the generated one; that one gets `
      + 'the private key'],
  [
    'a field without a name',
    () => SecretGenerator.sshKeyPair({ publicKeyField: '' }),
    `${TEXT}.sshKeyPair(publicKeyField)\` is "", allowed: 1 to 256 characters; name the field`,
  ],
])('%s is refused', (_, make, message) => {
  const got = messageOf(() => rotating(make()));
  expect(got).toMatch(/^\[Stack\/Secret[^\]]*\] /);
  expect(got).toContain(message);
});

test.each([SecretGenerator.keyPair(), SecretGenerator.sshKeyPair()])('a key pair has no place in one string', (generator) => {
  expect(() => rotating(generator, SecretContent.generated()))
    .toThrow("makes two values, and the content of the secret is one string; use SecretContent.json({}, 'privateKey'), whose "
      + 'generated field gets the private key');
});
