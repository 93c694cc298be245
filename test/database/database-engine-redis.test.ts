import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { administersRedis } from '../../src/contract/administrator-roles';
import { fits, REDIS_NAMES } from '../../src/contract/name-rules';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from '../../src/index';

const targetOf = (stack: Stack, engine: DatabaseEngine, more: object = {}): DatabaseTarget =>
  DatabaseTarget.of({ engine, host: 'cache.example.com', superuser: new Secret(stack, 'Superuser'), ...more });
const rotated = (engine: DatabaseEngine, rotation: Rotation, more?: object): Template => {
  const stack = new Stack();
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database: targetOf(stack, engine, more) }),
    rotation,
  });
  return Template.fromStack(stack);
};
const databaseOf = (template: Template): unknown => {
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function')) as {
    Properties: { Environment: { Variables: Record<string, string> } };
  }[];
  return JSON.parse(Properties.Environment.Variables.ROTATION_DATABASE);
};

test.each([['redis', DatabaseEngine.REDIS], ['valkey', DatabaseEngine.VALKEY]] as const)(
  '%s: a function is told of every server', (name, engine) => {
    const furtherHosts = ['two.example.com', 'three.example.com'];
    expect(databaseOf(rotated(engine, Rotation.dualPassword(), { furtherHosts })))
      .toEqual({ engine: name, host: 'cache.example.com', furtherHosts, port: 6379 });
  });

test('one server is told as before, and needs no authorities in any Region', () => {
  expect(databaseOf(rotated(DatabaseEngine.REDIS, Rotation.alternatingUsers())))
    .toEqual({ engine: 'redis', host: 'cache.example.com', port: 6379 });
});

test.each([
  ['of another engine', DatabaseEngine.POSTGRES, ['two.example.com'], "is for Redis and Valkey, and the engine is 'postgres'"],
  ['named twice', DatabaseEngine.REDIS, ['two.example.com', 'two.example.com'], 'at most 20 different ones'],
  ['too many', DatabaseEngine.REDIS, Array.from({ length: 21 }, (_, i) => `n${i}.example.com`), 'at most 20 different ones'],
  ['with a port', DatabaseEngine.REDIS, ['two.example.com:6379'], 'a DNS name or an IP address'],
  ['an address without a name', DatabaseEngine.REDIS, ['10.0.0.1'], 'an IP address together with tlsServerName'],
])('further hosts are refused: %s', (_, engine, furtherHosts, message) => {
  expect(() => targetOf(new Stack(), engine, { furtherHosts })).toThrow(message);
});

test('a database has no name', () => {
  expect(() => targetOf(new Stack(), DatabaseEngine.REDIS, { databaseName: '0' })).toThrow('databaseName');
});

test.each([
  ['+@read', false], ['-@all', false], ['~app:*', false], ['%R~shared:*', false], ['&news', false], ['+get', false],
  ['+client|id', false], ['+@all', true], ['+@ADMIN', true], ['+@dangerous', true], ['+@slow', true], ['+acl', true],
  ['+acl|setuser', true], ['+config|set', true], ['allcommands', true], ['on', true], ['nopass', true], ['>password', true],
  ['#digest', true], ['reset', true], ['+', true], ['~', true], ['~a b', true],
])('a rule for a new user: %s is refused: %s', (rule, refused) => {
  expect(administersRedis(rule)).toBe(refused);
  const make = () => rotated(DatabaseEngine.REDIS, Rotation.dualPassword({ createWithRoles: [rule] }));
  if (refused) {
    expect(make).toThrow('createWithRoles');
  } else {
    expect(make).not.toThrow();
  }
});

test.each([
  ['app', true], ['a#><~*&+@%s;()ü', true], ['a b', false], ['a\tb', false], ['a"b', false], ["a'b", false], ['a\\b', false],
  ['a\nb', false], ['a\0b', false], ['a\ud800', false], ['a'.repeat(129), false], ['ü'.repeat(65), false],
])('a user name that a server can read again: %j, %s', (name, fit) => {
  expect(fits(name, REDIS_NAMES.user)).toBe(fit);
});

test('the user of clients that name none is refused', () => {
  const stack = new Stack();
  const content = SecretContent.databaseCredentials({ username: 'default', database: targetOf(stack, DatabaseEngine.REDIS) });
  expect(() => new HardenedSecret(stack, 'Creds', { content, rotation: Rotation.dualPassword() })).toThrow('a user of your own');
});
