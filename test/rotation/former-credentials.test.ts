import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Lazy, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  CacheUser, DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, RotationTiming, SecretContent, SecretMonitoring,
} from '../../src';
import { testApp } from '../support/scenario';

interface Chosen {
  readonly formerWorksFor?: Duration;
  readonly timing?: RotationTiming;
}

const FACTORIES: [string, (options: Chosen) => Rotation][] = [
  ['alternatingUsers', (options) => Rotation.alternatingUsers(options)],
  ['dualPassword', (options) => Rotation.dualPassword(options)],
  ['cacheUser', (options) => Rotation.cacheUser(options)],
];
const KINDS = FACTORIES.map(([factory]) => factory);

/** A stack with a secret that nobody monitors. */
function stackWith(
  factory: string, options: Chosen, rotation = FACTORIES.find(([name]) => name === factory)![1](options),
): Stack {
  const stack = new Stack(testApp(), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
  const database = DatabaseTarget.of({
    engine: DatabaseEngine.MYSQL, host: 'db.example.com', superuser: new Secret(stack, 'Superuser'),
  });
  new HardenedSecret(stack, 'Creds', {
    content: factory === 'cacheUser'
      ? SecretContent.cacheUserCredentials(CacheUser.elastiCache({ userId: 'app', username: 'app' }))
      : SecretContent.databaseCredentials({ username: 'app', database }),
    rotation,
    monitoring: SecretMonitoring.none('test'),
  });
  return stack;
}

function bindingOf(stack: Stack): string {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return JSON.stringify(Properties.Environment.Variables.ROTATION_BINDINGS);
}

test.each(KINDS)('the function is told after how many hours, and audits every day although nobody monitors it: %s', (factory) => {
  const stack = stackWith(factory, { formerWorksFor: Duration.days(3) });
  expect(bindingOf(stack)).toContain('\\"formerWorksForHours\\":72');
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: Match.objectLike({ Input: Match.anyValue() }),
  });
});

test.each(KINDS)('unless it is asked for, the former credential works until the next rotation: %s', (factory) => {
  const stack = stackWith(factory, {});
  expect(bindingOf(stack)).not.toContain('formerWorksForHours');
  Template.fromStack(stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
});

test.each(KINDS)('nothing but the audit is added, and no right: %s', (factory) => {
  const policies = ({ formerWorksFor }: Chosen): unknown[] =>
    Object.values(Template.fromStack(stackWith(factory, { formerWorksFor })).findResources('AWS::IAM::ManagedPolicy'))
      .filter(({ Properties }) => !JSON.stringify(Properties).includes('lambda:InvokeFunction'));
  expect(policies({ formerWorksFor: Duration.days(3) })).toEqual(policies({}));
});

describe.each(KINDS)('%s', (factory) => {
  test.each<[Duration, string]>([
    [Duration.minutes(59), '"59 minutes"'],
    [Duration.minutes(90), '"1 hour 30 minutes"'],
    [Duration.days(366), '"366 days"'],
    [Duration.seconds(Lazy.number({ produce: () => 1 })), '"a token"'],
  ])('%s is refused', (formerWorksFor, got) => {
    expect(() => stackWith(factory, { formerWorksFor })).toThrow(
      `[Stack/Creds] \`Rotation.${factory}(formerWorksFor)\` is ${got}, allowed: whole hours from 1 to 8760; give the time`,
    );
  });

  test.each<[Duration, RotationTiming | undefined, string, string]>([
    [Duration.days(29), undefined, '29 days', '30 days'],
    [Duration.hours(1), RotationTiming.every(Duration.days(2)), '1 hour', '2 days'],
  ])('%s is refused where the next rotation comes too early', (formerWorksFor, timing, got, interval) => {
    expect(() => stackWith(factory, { formerWorksFor, timing })).toThrow(
      `\`Rotation.${factory}(formerWorksFor)\` is "${got}", allowed: at most the interval between two rotations, here ${interval}, `
      + 'less two days; the next rotation comes before the daily audit has ended the former credential; rotate less often',
    );
  });

  test('an hour is taken where the interval is long enough', () => {
    const timing = RotationTiming.every(Duration.days(3));
    expect(bindingOf(stackWith(factory, { formerWorksFor: Duration.hours(1), timing }))).toContain('Hours\\":1}');
  });
});

const KEEPING_TWO = [DatabaseEngine.REDIS, DatabaseEngine.VALKEY];

test.each(KEEPING_TWO)('a user of Redis that changes itself keeps two passwords until the next rotation (%#)', (engine) => {
  const stack = new Stack(testApp(), 'Stack');
  const options = { formerWorksFor: Duration.days(3), database: DatabaseTarget.of({ engine, host: 'redis.example.com' }) };
  expect(() => new HardenedSecret(stack, 'Creds', {
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')), rotation: Rotation.singleUser(options),
  })).toThrow('[Stack/Creds] a user that changes itself keeps its former password until the next rotation, and outside of '
    + 'rotations nobody acts for it; leave out `formerWorksFor`, or use Rotation.dualPassword(), whose superuser ends it');
});

// Typed languages do not have the option there.
test.each([Rotation.singleUser, Rotation.singleUserWithSuperuser])('a single user has no former password to end', (rotation) => {
  const options: Chosen = { formerWorksFor: Duration.days(3) };
  expect(() => stackWith('single', options, rotation(options as object))).toThrow('[Stack/Creds] a single user has one password, '
    + 'and no former one that could be ended; leave out `formerWorksFor`, or use Rotation.alternatingUsers() or '
    + 'Rotation.dualPassword()');
});
