import { App, CfnParameter, SecretValue, Stack, Token } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, SecretContent } from '../../src';

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
    .toEqual({ generate: { passwordLength: 32 }, generated: { password: { length: 32, excludeCharacters: '' } } });
  expect(bind(SecretContent.generated({ passwordLength: 4096, excludeCharacters: '"' }))).toEqual({
    generate: { passwordLength: 4096, excludeCharacters: '"' },
    generated: { password: { length: 4096, excludeCharacters: '"' } },
  });
});

test('a JSON document with a generated field', () => {
  expect(bind(SecretContent.json({ issuer: 'me' }, 'key', { passwordLength: 4 }))).toEqual({
    generate: { passwordLength: 4, secretStringTemplate: '{"issuer":"me"}', generateStringKey: 'key' },
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
  expect(bind(SecretContent.placeholder())).toEqual({ generate: { passwordLength: 32 } });
});

test('a given value is the one that was given', () => {
  const value = SecretValue.secretsManager('other');
  expect(bind(SecretContent.fromSecretValue(value))).toEqual({ value });
});
