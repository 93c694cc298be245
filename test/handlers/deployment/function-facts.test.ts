import { FunctionFacts } from '../../../handlers/deployment/function-facts';
import { packCertificates } from '../../../src/contract/certificate-authorities';

const facts = (variables: Record<string, string>): FunctionFacts => new FunctionFacts(variables);
const database = (value: unknown): FunctionFacts => facts({ ROTATION_DATABASE: JSON.stringify(value) });
/** A list in the form of the constructs, with nothing taken out of its items. */
const bindings = (value: unknown): FunctionFacts => facts({
  ROTATION_BINDINGS: JSON.stringify(Array.isArray(value) ? { groups: value.map((all: unknown) => ({ each: {}, all })) } : value),
});

test('reads what the constructs write', () => {
  const all = facts({
    AWS_REGION: 'us-gov-west-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_SESSION_TOKEN: 'token',
    ROTATION_MODE: 'superuser',
    ROTATION_DATABASE: '{"engine":"postgres","host":"h","port":"5432"}',
    ROTATION_PASSWORD: '{"length":32,"excludeCharacters":""}',
    ROTATION_BINDINGS: '{"groups":[]}',
    ROTATION_SUPERUSER_SECRET: 'arn',
    SECRETS_MANAGER_ENDPOINT: 'https://x',
  });
  expect([
    all.region, all.mode, all.database, all.password, all.userBindings, all.valueBindings, all.superuserSecret,
    all.endpoint,
  ]).toEqual([
    'us-gov-west-1',
    'superuser',
    { engine: 'postgres', host: 'h', port: 5432 },
    { length: 32, excludeCharacters: '' },
    [],
    [],
    'arn',
    'https://x',
  ]);
  expect(all.credentials).toEqual({ accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' });
  expect(facts({ ROTATION_MODE: 'prove' }).mode).toBe('prove');
  expect(facts({ SECRETS_MANAGER_ENDPOINT: '' }).endpoint).toBeUndefined();
  expect(facts({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: '' }).credentials.sessionToken)
    .toBeUndefined();
});

test.each([
  ['AWS_REGION', (empty: FunctionFacts) => empty.region], ['ROTATION_MODE', (empty: FunctionFacts) => empty.mode],
  ['ROTATION_DATABASE', (empty: FunctionFacts) => empty.database],
  ['ROTATION_PASSWORD', (empty: FunctionFacts) => empty.password],
  ['ROTATION_BINDINGS', (empty: FunctionFacts) => empty.userBindings],
  ['ROTATION_BINDINGS', (empty: FunctionFacts) => empty.valueBindings],
  ['ROTATION_SUPERUSER_SECRET', (empty: FunctionFacts) => empty.superuserSecret],
  ['AWS_ACCESS_KEY_ID', (empty: FunctionFacts) => empty.credentials],
])('says that %s is missing', (name, read) => {
  expect(() => read(facts({}))).toThrow(`configuration: environment variable ${name} is missing`);
});

test.each([
  ['AWS_REGION', 'eu-west-1.attacker.example/'], ['AWS_REGION', '../x'], ['ROTATION_MODE', 'admin'], ['ROTATION_PASSWORD', '{}'],
  ['ROTATION_PASSWORD', 'canary'],
])('refuses %s=%s without quoting it', (name, value) => {
  const wrong = facts({ [name]: value });
  const read = { AWS_REGION: () => wrong.region, ROTATION_MODE: () => wrong.mode, ROTATION_PASSWORD: () => wrong.password }[
    name
  ]!;
  expect(read).toThrow(new RegExp(`^configuration: environment variable ${name} (is|does not have)(?!.*canary)`));
});

test.each([
  null, [], 'x', {}, { engine: 'postgres', host: 'h' }, { engine: 'postgres', host: '', port: 1 },
  { engine: 1, host: 'h', port: 1 },
  { engine: 'postgres', host: 'h', port: 0 }, { engine: 'postgres', host: 'h', port: 65536 },
  { engine: 'postgres', host: 'h', port: '5432x' },
  { engine: 'postgres', host: 'h', port: 1.5 }, { engine: 'postgres', host: 'h', port: 1, certificateAuthorities: 1 },
  { engine: 'postgres', host: 'h', port: 1, certificateAuthorities: 'x' },
])('refuses the database %j', (value) => {
  expect(() => database(value).database).toThrow('ROTATION_DATABASE');
});

test('reads certificate authorities that are packed, and those that are PEM text', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const given = (certificateAuthorities: string): string | undefined =>
    database({ engine: 'postgres', host: 'h', port: 1, certificateAuthorities }).database.certificateAuthorities;
  expect([packCertificates(pem), pem, ''].map(given)).toEqual([pem, pem, undefined]);
});

const binding = { secret: 's', username: 'u', strategy: 'single' };

test.each([
  [{ ...binding }],
  [{ ...binding, strategy: 'dualPassword' }],
  [{ ...binding, strategy: 'alternating', createWithRoles: [] }],
  [{ ...binding, createWithRoles: ['r'] }],
  [{ ...binding, formerWorksForHours: 1 }],
])('takes the binding %j', (value) => {
  expect(bindings([value]).userBindings).toEqual([value]);
});

test.each([
  {}, [null], [{ ...binding, secret: '' }], [{ ...binding, username: 1 }], [{ ...binding, strategy: 'both' }],
  [{ ...binding, createWithRoles: 'r' }],
  [{ ...binding, createWithRoles: [''] }], [binding, 'x'], [{ ...binding, formerWorksForHours: 0 }],
  [{ ...binding, alternateUsername: '' }], [{ ...binding, alternateUsername: 1 }],
])('refuses the bindings %j', (value) => {
  expect(() => bindings(value).userBindings).toThrow('ROTATION_BINDINGS');
});

test('says for how long a former credential works, of a secret by either of its names', () => {
  const two = bindings([binding, { ...binding, secret: 'asked', formerWorksForHours: 7 }]);
  expect([two.formerWorksForHours('arn', 'asked'), two.formerWorksForHours('asked', 'name')]).toEqual([7, 7]);
  expect([two.formerWorksForHours('s'), two.formerWorksForHours('other')]).toEqual([undefined, undefined]);
  expect(new FunctionFacts({}).formerWorksForHours('asked')).toBeUndefined();
});

test.each([{}, ['x'], [null]])('refuses the bindings %j, also where it is asked for that alone', (value) => {
  expect(() => bindings(value).formerWorksForHours('s')).toThrow('ROTATION_BINDINGS');
});

const password = { length: 8, excludeCharacters: '' };

const keyPair = { spec: 'p256', publicKeyField: 'f' };

test.each([
  { secret: 's', password },
  { secret: 's', field: 'f', password: { ...password, excludeNumbers: true, requireEachIncludedType: false } },
  { secret: 's', apiToken: { prefix: '', alphabet: 'ab', length: 1 } },
  { secret: 's', symmetricKey: { bytes: 1 } },
  { secret: 's', uuid: true },
  { secret: 's', field: 'p', keyPair },
  { secret: 's', field: 'p', sshKeyPair: keyPair },
  { secret: 's', field: 'p', sshKeyPair: { ...keyPair, comment: 'c', pem: true } },
])('takes the value binding %j', (value) => {
  expect(bindings([value]).valueBindings).toEqual([value]);
});

test.each([
  { password: { ...password, includeSpace: 'yes' } }, { password, uuid: true }, { uuid: false }, { uuid: 'yes' },
  { apiToken: { alphabet: 'ab', length: 1 } }, { apiToken: { prefix: '', alphabet: '', length: 1 } },
  { apiToken: { prefix: '', alphabet: 'ab', length: 0 } }, { apiToken: 1 },
  { symmetricKey: { bytes: 1.5 } }, { symmetricKey: {} }, { symmetricKey: 32 },
  { keyPair: { spec: 'dsa', publicKeyField: 'f' } }, { keyPair: { spec: 'p256' } }, { keyPair: 'p256' },
  { sshKeyPair: { ...keyPair, comment: 1 } }, { sshKeyPair: { ...keyPair, pem: 'yes' } }, { sshKeyPair: { spec: 'p256' } },
  { sshKeyPair: null },
])('refuses the rules %j', (rules) => {
  expect(() => bindings([{ secret: 's', field: 'p', ...rules }]).valueBindings).toThrow('ROTATION_BINDINGS');
});

test.each([
  {},
  [{ secret: 's' }],
  [{ secret: 's', field: '', password }],
  [{ secret: '', password }],
  [{ secret: 's', password: { length: '8', excludeCharacters: '' } }],
])('refuses the value bindings %j', (value) => {
  expect(() => bindings(value).valueBindings).toThrow('ROTATION_BINDINGS');
});

describe('of caches', () => {
  const cache = (value: unknown): FunctionFacts => facts({ ROTATION_CACHE: JSON.stringify(value) });
  const user = { secret: 's', userId: 'i', username: 'u', password: { length: 8, excludeCharacters: '' } };

  test.each([
    { service: 'elasticache', userArnPrefix: 'arn:' },
    { service: 'memorydb', userArnPrefix: 'arn:', endpoint: 'https://x', cluster: { host: 'h', port: 6379 } },
  ])('takes %j', (value) => {
    expect(cache(value).cache).toEqual(value);
  });

  test('takes the text of a port', () => {
    expect(cache({ service: 'memorydb', userArnPrefix: 'arn:', cluster: { host: 'h', port: '6379' } }).cache.cluster)
      .toEqual({ host: 'h', port: 6379 });
  });

  test.each([
    null, {}, { service: 'rds', userArnPrefix: 'arn:' }, { service: 'elasticache' },
    { service: 'elasticache', userArnPrefix: 'arn:', endpoint: '' },
    { service: 'elasticache', userArnPrefix: 'arn:', cluster: 'h' },
    { service: 'elasticache', userArnPrefix: 'arn:', cluster: { host: '', port: 1 } },
    { service: 'elasticache', userArnPrefix: 'arn:', cluster: { host: 'h', port: 65536 } },
  ])('refuses %j', (value) => {
    expect(() => cache(value).cache).toThrow('ROTATION_CACHE');
  });

  test('takes bindings of users', () => {
    expect(bindings([user]).cacheUserBindings).toEqual([user]);
  });

  test.each([
    {},
    [null],
    [{ ...user, secret: '' }],
    [{ ...user, userId: 1 }],
    [{ ...user, username: undefined }],
    [{ ...user, password: {} }],
    [{ ...user, formerWorksForHours: 1.5 }],
  ])('refuses the bindings %j', (value) => {
    expect(() => bindings(value).cacheUserBindings).toThrow('ROTATION_BINDINGS');
  });
});

describe('access keys', () => {
  const user = { secret: 'arn', userArn: 'arn:aws-us-gov:iam::123456789012:user/apps/ci/bob', formerWorksForHours: 24 };

  test('takes bindings of users', () => {
    const named = { ...user, userArn: 'arn:aws:iam::123456789012:user/b_o+b=,.@-', idField: 'ID', secretField: 'KEY' };
    expect(bindings([user, named]).accessKeyBindings).toEqual([user, named]);
  });

  test.each([
    {},
    [null],
    [{ ...user, secret: '' }],
    [{ ...user, userArn: 1 }],
    [{ ...user, userArn: 'arn:aws:iam::123456789012:role/bob' }],
    [{ ...user, userArn: 'arn:aws:iam::123456789012:user/' }],
    [{ ...user, formerWorksForHours: 0 }],
    [{ ...user, idField: '' }],
    [{ ...user, secretField: 1 }],
  ])('refuses the bindings %j', (value) => {
    expect(() => bindings(value).accessKeyBindings).toThrow('ROTATION_BINDINGS');
  });
});
