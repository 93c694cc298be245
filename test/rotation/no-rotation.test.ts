import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import {
  HardenedSecret,
  type HardenedSecretProps,
  type NoneOptions,
  Rotation,
  SecretContent,
  SecretHardening,
  SecretMonitoring,
  SecretsPlatform,
} from '../../src';
import { testRefused } from '../support/refused';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const reviewBy = '2027-03-31';

function setup(options?: NoneOptions, props: HardenedSecretProps = {}) {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const secret = new HardenedSecret(stack, 'Key', { rotation: Rotation.none('Stripe rotates it by hand', options), ...props });
  return { stack, secret, template: () => Template.fromStack(stack) };
}

/** The event of the one audit, with the names of what it refers to. */
function eventOf(template: Template): unknown {
  const input = only(template, 'AWS::Scheduler::Schedule').resource.Properties.Target.Input;
  return JSON.parse(typeof input === 'string'
    ? input
    : (input['Fn::Join'][1] as (string | { Ref: string })[]).map((part) => typeof part === 'string' ? part : part.Ref).join(''));
}

test('is all there is where nobody is to be reminded', () => {
  const { secret, template } = setup();
  const { template: empty } = setup({});
  expect(empty().toJSON()).toEqual(template().toJSON());
  template().resourceCountIs('AWS::Lambda::Function', 0);
  template().resourceCountIs('AWS::Scheduler::Schedule', 0);
  expect(secret.alarms).toEqual([]);
});

test('the daily audit is told the last day for its review, and its alarm is the secret\'s', () => {
  const { stack, secret, template } = setup({ reviewBy });
  expect(eventOf(template())).toEqual({ audit: [], reviews: [{ secret: stack.resolve(secret.secretArn).Ref, reviewBy }] });
  template().resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  template().resourceCountIs('AWS::Lambda::Function', 1);
  expect(secret.alarms).toHaveLength(1);
});

test('beside secrets whose values are made anew, by the same function', () => {
  const { stack, template } = setup({ reviewBy });
  new HardenedSecret(stack, 'Other', { content: SecretContent.generated(), rotation: Rotation.regenerate() });
  template().resourceCountIs('AWS::Lambda::Function', 1);
  expect(eventOf(template())).toMatchObject({ audit: [{ rotatesWithinHours: 768 }], reviews: [{ reviewBy }] });
});

test('a topic is notified, and nobody where nobody is to know', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const topic = new Topic(stack, 'Topic');
  const rotation = Rotation.none('by hand', { reviewBy });
  new HardenedSecret(stack, 'Key', { rotation, monitoring: SecretMonitoring.rotationFailure({ topic }) });
  expect(only(Template.fromStack(stack), 'AWS::CloudWatch::Alarm').resource.Properties.AlarmActions)
    .toEqual([stack.resolve(topic.topicArn)]);
  const { template } = setup({ reviewBy }, { monitoring: SecretMonitoring.none('nobody cares') });
  template().resourceCountIs('AWS::Scheduler::Schedule', 0);
});

test('a secret of another stack is known by its name, and nothing refers to it', () => {
  const app = testApp();
  const home = new Stack(app, 'Home', { env: ENV });
  const stack = new Stack(app, 'Stack', { env: ENV });
  const platform = new SecretsPlatform(home, 'Platform', { platformName: 'team' });
  const rotation = Rotation.none('by hand', { reviewBy });
  const secret = new HardenedSecret(stack, 'Key', { platform, secretName: 'stripe', rotation });
  expect(eventOf(Template.fromStack(home))).toEqual({ audit: [], reviews: [{ secret: 'stripe', reviewBy }] });
  expect(secret.alarms).toHaveLength(1);
  expect(messageOf(() => new HardenedSecret(stack, 'Nameless', { platform, rotation })))
    .toContain('give the secret a `secretName`');
});

test('an imported secret can be reviewed', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const secretArn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:stripe-abcdef';
  SecretHardening.fromSecret(Secret.fromSecretCompleteArn(stack, 'Imported', secretArn))
    .addRotation(Rotation.none('by hand', { reviewBy }));
  expect(eventOf(Template.fromStack(stack))).toEqual({ audit: [], reviews: [{ secret: secretArn, reviewBy }] });
});

const review = (day: string | ((stack: Stack) => string)) => (stack: Stack) => new HardenedSecret(stack, 'Secret', {
  rotation: Rotation.none('by hand', { reviewBy: typeof day === 'string' ? day : day(stack) }),
});
const DAY = {
  property: 'Rotation.none(reviewBy)',
  allowed: 'a day of the calendar in the form 2027-03-31',
  remedy: 'write the day on which somebody looks at the decision again',
};

testRefused(5, [
  ...['', 'next year', '2027-3-31', '2027-02-31', '2027-03-31T00:00:00Z'].map((day) => ({
    name: `the day '${day}'`, act: review(day), got: JSON.stringify(day), ...DAY,
  })),
  {
    name: 'a day that is not known',
    act: review((stack) => new CfnParameter(stack, 'Day').valueAsString),
    got: '"a token"',
    ...DAY,
  },
]);
