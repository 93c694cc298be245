import { App, CfnParameter, SecretValue, Stack, Token } from 'aws-cdk-lib/core';
import { type DatabaseCredentialsOptions, DatabaseEngine, DatabaseTarget, SecretContent } from '../../src';

const stack = new Stack(new App(), 'Stack');
const token = Token.asString(new CfnParameter(stack, 'Text').value);
const database = DatabaseTarget.of({
  engine: DatabaseEngine.POSTGRES,
  host: 'db.example.com',
  databaseName: 'personnel',
  passwordLength: 64,
});
const bind = (content: SecretContent, rotates = true) => {
  const { generate, ...facts } = content._bind(stack, { rotationFunction: rotates || undefined });
  return { ...facts, ...(generate && { generate: stack.resolve(generate) as typeof generate }) };
};

test('a generated value', () => {
  expect(bind(SecretContent.generated()))
    .toEqual({ generate: { passwordLength: 32 }, fields: [], generated: { password: { length: 32, excludeCharacters: '' } } });
  expect(bind(SecretContent.generated({ passwordLength: 4096, excludeCharacters: '"' }))).toEqual({
    generate: { passwordLength: 4096, excludeCharacters: '"' },
    fields: [],
    generated: { password: { length: 4096, excludeCharacters: '"' } },
  });
});

test('a JSON document with a generated field', () => {
  expect(bind(SecretContent.json({ issuer: 'me' }, 'key', { passwordLength: 4 }))).toEqual({
    generate: { passwordLength: 4, secretStringTemplate: '{"issuer":"me"}', generateStringKey: 'key' },
    fields: ['issuer', 'key'],
    generated: { field: 'key', password: { length: 4, excludeCharacters: '' } },
  });
});

test('all that Secrets Manager can be told, for the first value and for those of rotations', () => {
  const types = {
    excludeLowercase: true,
    excludeUppercase: false,
    excludeNumbers: true,
    excludePunctuation: true,
    includeSpace: true,
    requireEachIncludedType: false,
  };
  expect(bind(SecretContent.json({}, 'key', types))).toEqual({
    generate: { passwordLength: 32, secretStringTemplate: '{}', generateStringKey: 'key', ...types },
    fields: ['key'],
    generated: { field: 'key', password: { length: 32, excludeCharacters: '', ...types } },
  });
});

test('a JSON document with tokens', () => {
  const { secretStringTemplate } = bind(
    SecretContent.json({ issuer: Stack.of(stack).region, toString: 'x' }, 'valueOf'),
  ).generate!;
  expect(secretStringTemplate).toEqual({ 'Fn::Join': ['', ['{"issuer":"', { Ref: 'AWS::Region' }, '","toString":"x"}']] });
});

test('characters of which some are left, and those that are tokens', () => {
  const allButOne = Array.from({ length: 93 }, (_, i) => String.fromCharCode(33 + i)).join('');
  const types = { excludeLowercase: true, excludeUppercase: true, excludeNumbers: true, excludePunctuation: false };
  expect(bind(SecretContent.generated({ excludeCharacters: allButOne, ...types })).generate)
    .toEqual({ passwordLength: 32, excludeCharacters: allButOne, ...types });
  expect(bind(SecretContent.generated({ excludeCharacters: token })).generate)
    .toEqual({ passwordLength: 32, excludeCharacters: { Ref: 'Text' } });
});

describe('credentials', () => {
  test('without a database are user name and password, which no engine takes amiss', () => {
    expect(bind(SecretContent.databaseCredentials({ username: 'postgres' }))).toEqual({
      generate: {
        passwordLength: 32,
        excludeCharacters: ' :/@"\'\\',
        secretStringTemplate: '{"username":"postgres"}',
        generateStringKey: 'password',
      },
      credentials: { username: 'postgres', database: undefined },
    });
  });

  test('that rotate are frozen: nothing in them can change but the user', () => {
    expect(bind(SecretContent.databaseCredentials({ username: 'app', database })).generate).toEqual({
      passwordLength: 32,
      excludeCharacters: ':/@"\'\\',
      secretStringTemplate: '{"engine":"postgres","username":"app"}',
      generateStringKey: 'password',
    });
  });

  test('that nothing rotates and nothing attaches say where the database is', () => {
    expect(bind(SecretContent.databaseCredentials({ username: 'app', database }), false).generate?.secretStringTemplate)
      .toBe('{"engine":"postgres","username":"app","host":"db.example.com","port":5432,"dbname":"personnel"}');
    const unnamed = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com' });
    expect(bind(SecretContent.databaseCredentials({ username: 'app', database: unnamed }), false).generate?.secretStringTemplate)
      .toBe('{"engine":"postgres","username":"app","host":"db.example.com","port":5432}');
  });

  test('that CloudFormation attaches do not', () => {
    const attached = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: 'db.example.com',
      attachment: { asSecretAttachmentTarget: () => ({ targetId: 'x', targetType: 'AWS::RDS::DBInstance' as never }) },
    });
    expect(bind(SecretContent.databaseCredentials({ username: 'app', database: attached }), false).generate?.secretStringTemplate)
      .toBe('{"engine":"postgres","username":"app"}');
  });

  test('of a user of as many characters as the engine allows, and of one that is a token', () => {
    expect(bind(SecretContent.databaseCredentials({ username: 'x'.repeat(63), database })).credentials?.username)
      .toHaveLength(63);
    expect(bind(SecretContent.databaseCredentials({ username: 'x'.repeat(128) })).credentials?.username).toHaveLength(128);
    expect(bind(SecretContent.databaseCredentials({ username: token, database })).credentials?.username).toBe(token);
  });

  test('are bytes to the engine, not characters', () => {
    expect(() => bind(SecretContent.databaseCredentials({ username: 'ä'.repeat(32), database })))
      .toThrow('allowed: 1 to 63 bytes');
  });
});

test('a placeholder cannot be made again', () => {
  expect(bind(SecretContent.placeholder())).toEqual({ placeholder: true, generate: { passwordLength: 32 } });
});

test('a placeholder of several fields is a document, of which Secrets Manager generates the last', () => {
  expect(bind(SecretContent.placeholder({ fields: ['id', 'secret'] }))).toEqual({
    placeholder: true,
    generate: { passwordLength: 32, secretStringTemplate: '{"id":""}', generateStringKey: 'secret' },
  });
});

describe('a document of values from elsewhere', () => {
  const id = SecretValue.cfnParameter(new CfnParameter(stack, 'Id', { noEcho: true }));
  const resolved = (content: SecretContent) => {
    const { value, ...facts } = bind(content);
    return { ...facts, value: stack.resolve(value) as unknown };
  };

  test('refers to each', () => {
    expect(resolved(SecretContent.fromSecretValues({ id, other: SecretValue.secretsManager('other') }))).toEqual({
      value: {
        'Fn::Join': ['', ['{"id":"', { Ref: 'Id' }, '","other":"{{resolve:secretsmanager:other:SecretString:::}}"}']],
      },
    });
  });

  test('leaves room for what somebody puts', () => {
    expect(resolved(SecretContent.fromSecretValues({ id }, ['secret', 'more'])))
      .toEqual({ placeholder: true, value: { 'Fn::Join': ['', ['{"id":"', { Ref: 'Id' }, '","secret":"","more":""}']] } });
  });
});

test.each<[string, SecretContent, string]>([
  ['no field', SecretContent.fromSecretValues({}), '`SecretContent.fromSecretValues(fields)` is []'],
  ['a field without a name', SecretContent.fromSecretValues({ '': SecretValue.secretsManager('x') }), '(fields)` is ""'],
  ['a placeholder twice', SecretContent.fromSecretValues({ a: SecretValue.secretsManager('x') }, ['b', 'b']),
    '`SecretContent.fromSecretValues(placeholders)` is "b"'],
  ['a placeholder that has a value', SecretContent.fromSecretValues({ a: SecretValue.secretsManager('x') }, ['a']), 'is "a"'],
  ['no placeholder', SecretContent.placeholder({ fields: [] }), '`SecretContent.placeholder(fields)` is []'],
  ['a placeholder without a name', SecretContent.placeholder({ fields: [''] }), '`SecretContent.placeholder(fields)` is ""'],
])('%s is refused', (_, content, message) => {
  expect(() => bind(content)).toThrow(message);
});

describe('a value that is deployed already', () => {
  const types = { excludePunctuation: true };

  test('keeps the very property, and rotations know what it says', () => {
    expect(bind(SecretContent.asDeployed({})))
      .toEqual({ adopted: true, generate: {}, generated: { password: { length: 32, excludeCharacters: '' } } });
    const generate = {
      passwordLength: 40, excludeCharacters: '/', ...types, secretStringTemplate: '{"issuer":"me"}', generateStringKey: 'key',
    };
    expect(bind(SecretContent.asDeployed(generate))).toEqual({
      adopted: true, generate, generated: { field: 'key', password: { length: 40, excludeCharacters: '/', ...types } },
    });
  });

  test.each(['{"username":"app"}', token, 'no JSON', '{"username":1}'])('has the user of %j or the options', (text) => {
    const generate = { secretStringTemplate: text, generateStringKey: 'password' };
    expect(bind(SecretContent.asDeployed(generate)).credentials)
      .toEqual(text === '{"username":"app"}' ? { username: 'app', database: undefined } : undefined);
    expect(bind(SecretContent.asDeployed(generate, { username: 'other', database })).credentials)
      .toMatchObject({ username: 'other', database: { host: 'db.example.com' } });
  });

  test('may be one that the app does not know', () => {
    expect(bind(SecretContent.unmanaged())).toEqual({ adopted: true });
    expect(bind(SecretContent.unmanaged({ username: 'app' })))
      .toEqual({ adopted: true, generate: undefined, credentials: { username: 'app', database: undefined } });
  });
});

describe('what a user says of credentials', () => {
  const generated = (options: Partial<DatabaseCredentialsOptions>) =>
    bind(SecretContent.databaseCredentials({ username: 'app', ...options })).generate;

  test('the engine of a database that does not exist yet decides what it accepts', () => {
    expect(generated({ engine: DatabaseEngine.ORACLE })).toEqual({
      passwordLength: 30,
      excludeCharacters: '/@"\'\\&',
      secretStringTemplate: '{"engine":"oracle","username":"app"}',
      generateStringKey: 'password',
    });
    expect(() => generated({ engine: DatabaseEngine.ORACLE, passwordLength: 31 }))
      .toThrow('`SecretContent.databaseCredentials(passwordLength)` is 31, allowed: a whole number from 8 to 30');
    expect(() => generated({ engine: DatabaseEngine.MYSQL, database }))
      .toThrow("`SecretContent.databaseCredentials(engine)` is 'mysql', and the engine of the database is 'postgres'");
    expect(generated({ engine: DatabaseEngine.POSTGRES, database })).toEqual(generated({ database }));
  });

  test.each([{}, { database }])('the first password is as the user says: %#', (more) => {
    expect(generated({ ...more, passwordLength: 20, excludeCharacters: '%', excludePunctuation: true }))
      .toMatchObject({ passwordLength: 20, excludeCharacters: '%', excludePunctuation: true });
    expect(generated(more)).toMatchObject({ passwordLength: 32 });
  });

  test('further fields are beside the user', () => {
    expect(generated({ fields: { readerHost: token, sslmode: 'verify-full' } })?.secretStringTemplate)
      .toEqual({ 'Fn::Join': ['', ['{"readerHost":"', { Ref: 'Text' }, '","sslmode":"verify-full","username":"app"}']] });
  });

  test.each(['username', 'password', 'engine', 'host', 'port', 'dbname', ''])('not in the field %j, which is taken', (name) => {
    expect(() => generated({ fields: { [name]: 'x' } }))
      .toThrow(`\`SecretContent.databaseCredentials(fields)\` is "${name}", allowed: names other than username, password`);
  });
});

test('a given value is the one that was given', () => {
  const value = SecretValue.secretsManager('other');
  expect(bind(SecretContent.fromSecretValue(value))).toEqual({ value });
});
