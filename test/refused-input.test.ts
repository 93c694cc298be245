import { DatabaseProxy, ProxyTarget } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  type DatabaseHostOptions,
  DatabaseTarget,
  HardenedSecret,
  type HardenedSecretProps,
  Rotation,
  RotationTiming,
  SecretContent,
  SecretMonitoring,
  SecretsPlatform,
} from '../src';
import { testRefused } from './support/refused';
import { isolatedVpc, personnelDatabase } from './support/scenario';

const none = Rotation.none('test');
const secret = (stack: Stack, props: HardenedSecretProps = {}) =>
  new HardenedSecret(stack, 'Secret', { rotation: none, ...props });
const content = (make: () => SecretContent) => (stack: Stack) => secret(stack, { content: make() });
const rotated = (timing: () => RotationTiming) => (stack: Stack) =>
  secret(stack, { rotation: Rotation.regenerate({ timing: timing() }) });
const target = (options: Partial<DatabaseHostOptions>) => () =>
  DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', ...options });
const admin = (stack: Stack) => new Secret(stack, 'Superuser');

function proxy(stack: Stack): DatabaseProxy {
  const vpc = isolatedVpc(stack);
  return new DatabaseProxy(stack, 'Proxy', {
    vpc,
    proxyTarget: ProxyTarget.fromInstance(personnelDatabase(stack, vpc)),
    secrets: [admin(stack)],
  });
}
const PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join('');

const platform = (props: ConstructorParameters<typeof SecretsPlatform>[2]) => (stack: Stack) =>
  new SecretsPlatform(stack, 'Platform', props);


const NAME = {
  property: 'secretName',
  allowed: '1 to 512 letters, digits and /_+=.@-',
  remedy: 'choose such a name, or leave it out',
};
const LENGTH = {
  property: 'SecretContent.generated(passwordLength)',
  allowed: 'a whole number from 4 to 4096 characters',
  remedy: 'choose another length',
};
const FIELD = { property: 'SecretContent.json(generatedField)' };
const USER = { property: 'SecretContent.databaseCredentials(username)', remedy: 'give the user as the database knows it' };
const EVERY = {
  property: 'RotationTiming.every(interval)',
  allowed: 'whole hours from 4 to 23, or whole days from 1 to 1000',
  remedy: 'rotates at most every four hours; choose such an interval',
};
const CRON = { property: 'RotationTiming.cron(expression)', remedy: 'write for example `0 16 1,15 * ? *`' };
const WINDOW = { remedy: 'the window ends before the next rotation is due and before midnight UTC; make it shorter' };
const PLATFORM = {
  property: 'platformName',
  path: 'Stack/Platform',
  allowed: '1 to 32 letters, digits and inner hyphens',
  remedy: 'choose a short name that no other platform',
};

testRefused(30, [
  { name: 'an empty name', act: (stack) => secret(stack, { secretName: '' }), got: '""', ...NAME },
  { name: 'a name with a blank', act: (stack) => secret(stack, { secretName: 'a b' }), got: '"a b"', ...NAME },
  {
    name: 'a name that is too long',
    act: (stack) => secret(stack, { secretName: 'x'.repeat(513) }),
    got: `"${'x'.repeat(513)}"`,
    ...NAME,
  },
  {
    name: 'a name that looks like the end of an ARN',
    act: (stack) => secret(stack, { secretName: 'team-secret' }),
    property: 'secretName',
    got: '"team-secret"',
    allowed: 'a name that does not end in a hyphen and six characters',
    remedy: 'append or remove a character',
  },
  {
    name: 'a long description',
    act: (stack) => secret(stack, { description: 'x'.repeat(2049) }),
    property: 'description',
    got: `"${'x'.repeat(2049)}"`,
    allowed: 'at most 2,048 characters',
    remedy: 'shorten it',
  },
  { name: 'a value of 3 characters', act: content(() => SecretContent.generated({ passwordLength: 3 })), got: '3', ...LENGTH },
  {
    name: 'a value of 4,097 characters',
    act: content(() => SecretContent.generated({ passwordLength: 4097 })),
    got: '4097',
    ...LENGTH,
  },
  { name: 'half a character', act: content(() => SecretContent.generated({ passwordLength: 8.5 })), got: '8.5', ...LENGTH },
  {
    name: 'too many excluded characters',
    act: content(() => SecretContent.generated({ excludeCharacters: 'x'.repeat(4097) })),
    property: 'SecretContent.generated(excludeCharacters)',
    got: `"${'x'.repeat(4097)}"`,
    allowed: 'at most 4,096 characters',
    remedy: 'exclude fewer characters',
  },
  {
    name: 'no characters that are left',
    act: content(() => SecretContent.json({}, 'key', { excludeCharacters: PRINTABLE })),
    property: 'SecretContent.json(excludeCharacters)',
    got: JSON.stringify(PRINTABLE),
    allowed: 'characters that leave some of the printable ASCII characters',
    remedy: 'exclude fewer characters',
  },
  {
    name: 'Amazon RDS Proxy',
    act: (stack) => target({ attachment: proxy(stack) })(),
    path: 'DatabaseTarget.of',
    property: 'DatabaseTarget.of(attachment)',
    got: '"AWS::RDS::DBProxy"',
    allowed: 'an instance or a cluster',
    remedy: 'rotate at the database behind it',
  },
  {
    name: 'a FIFO topic',
    act: (stack) =>
      secret(stack, { monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic', { fifo: true }) }) }),
    property: 'SecretMonitoring.rotationFailure(topic)',
    got: '\'Stack/Topic\'',
    allowed: 'a standard topic',
    remedy: 'give a standard one',
  },
  {
    name: 'half a second',
    act: platform({ rotationFunctions: { timeout: Duration.millis(45500) } }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.timeout',
    got: '"45 seconds 500 millis"',
    allowed: '30 to 900 whole seconds',
    remedy: 'choose another timeout',
  },
  {
    name: 'a generated field that is given',
    act: content(() => SecretContent.json({ a: '1', key: 'x' }, 'key')),
    ...FIELD,
    got: '"key"',
    allowed: 'a name that is not among the fields a, key',
    remedy: 'take it out of the fields: its value is generated',
  },
  {
    name: 'a generated field without a name',
    act: content(() => SecretContent.json({}, '')),
    ...FIELD,
    got: '""',
    allowed: '1 to 256 characters',
    remedy: 'name the field that is to be generated',
  },
  {
    name: 'a field of 2 characters',
    act: content(() => SecretContent.json({}, 'key', { passwordLength: 2 })),
    property: 'SecretContent.json(passwordLength)',
    got: '2',
    allowed: 'a whole number from 4 to 4096 characters',
    remedy: 'choose another length',
  },
  {
    name: 'a user without a name',
    act: content(() => SecretContent.databaseCredentials({ username: '' })),
    ...USER,
    got: '""',
    allowed: '1 to 128 bytes',
  },
  {
    name: 'a user name that is too long for the engine',
    act: content(() => SecretContent.databaseCredentials({ username: 'ä'.repeat(32), database: target({})() })),
    ...USER,
    got: `"${'ä'.repeat(32)}"`,
    allowed: '1 to 63 bytes',
  },
  ...['pg_monitor', 'rds_superuser', 'rdsadmin'].map((username) => ({
    name: `a user that is not one's own: ${username}`,
    act: content(() => SecretContent.databaseCredentials({ username, database: target({})() })),
    property: USER.property,
    got: `"${username}"`,
    allowed: 'a user that belongs neither to the engine nor to Amazon RDS',
    remedy: 'give a user of your own',
  })),
  {
    name: 'a user name without room for its clone',
    act: (stack) =>
      secret(stack, {
        content: SecretContent.databaseCredentials({ username: 'x'.repeat(60), database: target({ superuser: admin(stack) })() }),
        rotation: Rotation.alternatingUsers(),
      }),
    property: USER.property,
    got: `"${'x'.repeat(60)}"`,
    allowed: 'at most 57 bytes',
    remedy: 'use a shorter name, or Rotation.singleUserWithSuperuser()',
  },
  {
    name: 'no reason',
    act: (stack) => secret(stack, { rotation: Rotation.none(' ') }),
    property: 'Rotation.none(reason)',
    got: '" "',
    allowed: 'a text',
    remedy: 'say why the secret does not rotate',
  },
  { name: 'every hour', act: rotated(() => RotationTiming.every(Duration.hours(1))), got: '"1 hour"', ...EVERY },
  { name: 'every 30 hours', act: rotated(() => RotationTiming.every(Duration.hours(30))), got: '"1 day 6 hours"', ...EVERY },
  { name: 'every 1,001 days', act: rotated(() => RotationTiming.every(Duration.days(1001))), got: '"1001 days"', ...EVERY },
  {
    name: 'a window as long as the interval',
    act: rotated(() => RotationTiming.every(Duration.hours(4), { window: Duration.hours(4) })),
    ...WINDOW,
    property: 'RotationTiming.every(window)',
    got: '"4 hours"',
    allowed: 'whole hours from 1 to 3',
  },
  {
    name: 'half an hour',
    act: rotated(() => RotationTiming.every(Duration.days(1), { window: Duration.minutes(30) })),
    ...WINDOW,
    property: 'RotationTiming.every(window)',
    got: '"30 minutes"',
    allowed: 'whole hours from 1 to 23',
  },
  {
    name: 'a window over midnight',
    act: rotated(() => RotationTiming.cron('0 22 1 * ? *', { window: Duration.hours(3) })),
    ...WINDOW,
    property: 'RotationTiming.cron(window)',
    got: '"3 hours"',
    allowed: 'whole hours from 1 to 2',
  },
  {
    name: 'five fields',
    act: rotated(() => RotationTiming.cron('0 16 1 * ?')),
    got: '"0 16 1 * ?"',
    allowed: 'six fields',
    ...CRON,
  },
  {
    name: 'minutes',
    act: rotated(() => RotationTiming.cron('30 16 1 * ? *')),
    got: '"30 16 1 * ? *"',
    allowed: 'minutes 0',
    ...CRON,
  },
  {
    name: 'a year',
    act: rotated(() => RotationTiming.cron('0 16 1 * ? 2030')),
    got: '"0 16 1 * ? 2030"',
    allowed: 'year `*`',
    ...CRON,
  },
  {
    name: 'no question mark',
    act: rotated(() => RotationTiming.cron('0 16 1 * * *')),
    got: '"0 16 1 * * *"',
    allowed: '`?` for either',
    ...CRON,
  },
  {
    name: 'hour 24',
    act: rotated(() => RotationTiming.cron('0 24 1 * ? *')),
    got: '"0 24 1 * ? *"',
    allowed: 'hours 0 to 23',
    ...CRON,
  },
  {
    name: 'two hours apart',
    act: rotated(() => RotationTiming.cron('0 1,3 * * ? *')),
    got: '"0 1,3 * * ? *"',
    allowed: 'times at least four hours apart',
    ...CRON,
  },
  { name: 'a platform without a name', act: platform({ platformName: '' }), got: '""', ...PLATFORM },
  { name: 'a platform with a slash', act: platform({ platformName: 'a/b' }), got: '"a/b"', ...PLATFORM },
  { name: 'a platform that ends in a hyphen', act: platform({ platformName: 'team-' }), got: '"team-"', ...PLATFORM },
  {
    name: 'a platform with a long name',
    act: platform({ platformName: 'x'.repeat(33) }),
    got: `"${'x'.repeat(33)}"`,
    ...PLATFORM,
  },
  ...['1team', 'aws', 'AwsTeam'].map((platformName) => ({
    name: `a platform named ${platformName}`,
    act: platform({ platformName }),
    got: `"${platformName}"`,
    ...PLATFORM,
  })),
  {
    name: 'little memory',
    act: platform({ rotationFunctions: { memorySize: 64 } }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.memorySize',
    got: '64',
    allowed: 'a whole number from 128 to 10240 MiB',
    remedy: 'choose another size',
  },
  {
    name: 'little time',
    act: platform({ rotationFunctions: { timeout: Duration.seconds(29) } }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.timeout',
    got: '"29 seconds"',
    allowed: '30 to 900 whole seconds',
    remedy: 'choose another timeout',
  },
  {
    name: 'no concurrency',
    act: platform({ rotationFunctions: { reservedConcurrentExecutions: 0 } }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.reservedConcurrentExecutions',
    got: '0',
    allowed: 'a whole number from 1 to 1000',
    remedy: 'reserve as many as rotate at once',
  },
  {
    name: 'a tag of AWS',
    act: platform({ rotationFunctions: { tags: { 'aws:owner': 'team' } } }),
    path: 'Stack/Platform',
    property: 'rotationFunctions.tags',
    got: '"aws:owner"',
    allowed: 'names of 1 to 128 characters, not with `aws:`',
    remedy: 'name the tag otherwise',
  },
  {
    name: 'a tag that is too long',
    act: platform({ rotationFunctions: { tags: { owner: 'x'.repeat(257) } } }),
    path: 'Stack/Platform',
    property: "rotationFunctions.tags['owner']",
    got: '"xxx',
    allowed: 'at most 256 characters',
    remedy: 'shorten it',
  },
]);
