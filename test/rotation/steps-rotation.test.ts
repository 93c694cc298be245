import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Duration, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseEngine, DatabaseTarget, HardenedSecret,
  type HardenedSecretProps, Rotation, RotationTiming, SecretContent, SecretHardening, SecretMonitoring, SecretReplica,
} from '../../src';
import type { AuditEvent } from '../../src/contract/audit-event';
import { ROTATION_MARKER_TAG } from '../../src/contract/environment';
import type { StepsBinding } from '../../src/contract/steps-binding';
import { bindingsIn } from '../support/bindings-in';
import { testRefused } from '../support/refused';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

function functionIn(stack: Stack, props: Partial<FunctionProps> = {}): LambdaFunction {
  return new LambdaFunction(stack, 'Rotator', {
    code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, timeout: Duration.minutes(1), ...props,
  });
}

/** A secret in the stack of its function. */
function beside(props: HardenedSecretProps = {}, functionProps: Partial<FunctionProps> = {}) {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const handler = functionIn(stack, functionProps);
  const secret = new HardenedSecret(stack, 'Token', { rotation: Rotation.steps({ handler }), ...props });
  return { stack, handler, secret, template: Template.fromStack(stack) };
}

/** The text in a template, with logical ids in place of references to secrets. */
function textOf(value: any): string {
  const parts = typeof value === 'string' ? [value] : value['Fn::Join'][1] as unknown[];
  return parts.map((part) => typeof part === 'string' ? part : (part as { Ref: string }).Ref ?? 'key').join('');
}

function bindingsOf(template: Template): StepsBinding[] {
  const { ROTATION_BINDINGS } = only(template, 'AWS::Lambda::Function', 'Rotator').resource.Properties.Environment.Variables;
  return bindingsIn(ROTATION_BINDINGS) as StepsBinding[];
}

function auditOf(template: Template): AuditEvent {
  return JSON.parse(textOf(only(template, 'AWS::Scheduler::Schedule').resource.Properties.Target.Input)) as AuditEvent;
}

describe('a function of the same stack', () => {
  test.each<[string, HardenedSecretProps, Partial<StepsBinding>]>([
    ['the whole value', {}, { password: { length: 32, excludeCharacters: '' } }],
    ['a field', { content: SecretContent.json({ user: 'app' }, 'key', { passwordLength: 40, excludeCharacters: '"' }) },
      { field: 'key', password: { length: 40, excludeCharacters: '"' } }],
    ['a value that the other system makes', { content: SecretContent.placeholder() }, {}],
    [
      'a password',
      {
        content: SecretContent.databaseCredentials({
          username: 'app',
          database: DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example' }),
        }),
      },
      { field: 'password', password: { length: 32, excludeCharacters: expect.stringContaining('/') } as never },
    ],
  ])('is told of the secret, and how to make %s', (_, props, binding) => {
    const { stack, secret, template } = beside(props);
    expect(bindingsOf(template)).toEqual([{ secret: stack.resolve(secret.secretArn).Ref, ...binding }]);
  });

  test('may do with the secret what a rotation and its audit do, and nothing else', () => {
    const { stack, handler, secret, template } = beside();
    const [rotate, list, key, ...others] = only(template, 'AWS::IAM::Policy', 'RotatorSecretRotation').resource.Properties
      .PolicyDocument.Statement;
    expect(others).toEqual([]);
    const onSecret = {
      Effect: 'Allow',
      Resource: stack.resolve(secret.secretArn),
      Condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': stack.resolve(handler.functionArn) } },
    };
    expect(rotate).toMatchObject({
      ...onSecret,
      Action: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
    });
    expect(list).toMatchObject({ ...onSecret, Action: 'secretsmanager:ListSecretVersionIds' });
    expect(key)
      .toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(secret.encryptionKey!.keyArn) });
  });

  test('rotates on time, with the tag that it looks for', () => {
    const stack = new Stack(testApp(), 'Stack');
    const handler = functionIn(stack);
    const secret = new HardenedSecret(stack, 'Token', {
      rotation: Rotation.steps({ handler, timing: RotationTiming.every(Duration.days(7)) }),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationLambdaARN: stack.resolve(handler.functionArn), RotationRules: { ScheduleExpression: 'rate(7 days)' },
    });
    expect(only(template, 'AWS::SecretsManager::Secret').resource.Properties.Tags)
      .toContainEqual({ Key: ROTATION_MARKER_TAG, Value: 'on' });
    expect(secret.rotationFunction).toBe(handler);
    expect(secret.alarms).toHaveLength(1);
    expect(auditOf(template).audit)
      .toEqual([{ secret: stack.resolve(secret.secretArn).Ref, rotatesWithinHours: 8 * 24 + 24, key: 'key' }]);
  });

  test('audits secrets that are watched, with their replicas', () => {
    const watched = beside({ secretName: 'token', replicas: [SecretReplica.inRegion('eu-west-1')] });
    expect(auditOf(watched.template).audit).toEqual([expect.objectContaining({ replicaRegions: ['eu-west-1'] })]);
    const { template } = beside({ monitoring: SecretMonitoring.none('watched elsewhere') });
    template.resourceCountIs('AWS::Scheduler::Schedule', 0);
    expect(bindingsOf(template)).toHaveLength(1);
  });

  test('is kept from the audit after it rotates as well', () => {
    const stack = new Stack(testApp(), 'Stack');
    const secret = new HardenedSecret(stack, 'Token', { rotation: Rotation.steps({ handler: functionIn(stack) }) });
    SecretHardening.fromSecret(secret.secret).addMonitoring(SecretMonitoring.none('watched elsewhere'));
    Template.fromStack(stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('rotates several secrets with one policy, one audit and one alarm', () => {
    const stack = new Stack(testApp(), 'Stack');
    const rotation = Rotation.steps({ handler: functionIn(stack) });
    const arns = ['A', 'B'].map((id) => stack.resolve(new HardenedSecret(stack, id, { rotation }).secretArn).Ref);
    const template = Template.fromStack(stack);
    expect(bindingsOf(template).map(({ secret }) => secret)).toEqual(arns);
    expect(auditOf(template).audit.map(({ secret }) => secret)).toEqual(arns);
    only(template, 'AWS::IAM::Policy', 'RotatorSecretRotation');
    expect(only(template, 'AWS::CloudWatch::Alarm').resource.Properties.AlarmDescription).toContain('the daily audit found one');
  });
});

describe('a function of another stack', () => {
  function across(secretName?: string) {
    const app = testApp();
    const [functions, stack] = ['Functions', 'Stack'].map((id) => new Stack(app, id, { env: ENV }));
    const handler = functionIn(functions, { functionName: 'rotator' });
    return {
      stack,
      functions,
      add: () => new HardenedSecret(stack, 'Token', { secretName, rotation: Rotation.steps({ handler }) }),
    };
  }

  test('knows the secret by its name, and exports nothing', () => {
    const { stack, functions, add } = across('token');
    add();
    const [ofSecret, ofFunction] = [stack, functions].map((one) => Template.fromStack(one));
    expect(bindingsOf(ofFunction)).toEqual([expect.objectContaining({ secret: 'token' })]);
    expect(auditOf(ofFunction).audit).toEqual([{ secret: 'token', rotatesWithinHours: 31 * 24 + 24, key: 'customer' }]);
    ofSecret.resourceCountIs('AWS::Scheduler::Schedule', 0);
    expect([ofSecret, ofFunction].map((template) => template.toJSON().Outputs)).toEqual([undefined, undefined]);
    expect(JSON.stringify(only(ofSecret, 'AWS::SecretsManager::RotationSchedule').resource.Properties.RotationLambdaARN))
      .toContain(':function:rotator');
  });

  test('cannot know a secret without a name', () => {
    expect(messageOf(across().add))
      .toContain('the rotation function is in another stack than the secret, which has no fixed name');
  });
});

const rotate = (stack: Stack, handler: LambdaFunction, props: HardenedSecretProps = {}) =>
  new HardenedSecret(stack, 'Secret', { rotation: Rotation.steps({ handler }), ...props });
const TIMEOUT = {
  property: 'Rotation.steps(handler.timeout)',
  allowed: '30 to 900 whole seconds',
  remedy: 'give the function a timeout',
};

testRefused(4, [
  {
    name: 'no timeout',
    act: (stack) => rotate(stack, functionIn(stack, { timeout: undefined })),
    got: '"3 seconds"',
    ...TIMEOUT,
  },
  {
    name: 'a timeout that is too short',
    act: (stack) => rotate(stack, functionIn(stack, { timeout: Duration.seconds(29) })),
    got: '"29 seconds"',
    ...TIMEOUT,
  },
  {
    name: 'a function of another Region',
    act: (stack) =>
      rotate(
        stack,
        functionIn(new Stack(stack.node.root as App, 'Other', { env: { ...ENV, region: 'eu-west-1' } }), {
          functionName: 'rotator',
        }),
      ),
    property: 'Rotation.steps(handler)',
    got: '"eu-west-1"',
    allowed: 'a function in the secret\'s own Region, us-east-1',
    remedy: 'define a function there',
  },
  {
    name: 'a version',
    act: (stack) => rotate(stack, functionIn(stack).currentVersion as never),
    path: 'Rotation.steps',
    property: 'Rotation.steps(handler)',
    got: '\'Stack/Rotator/CurrentVersion\'',
    allowed: 'a Function of aws-cdk-lib/aws-lambda',
    remedy: 'pass such a value',
  },
]);

test('what does not fit into the environment is refused', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const content = SecretContent.generated({ excludeCharacters: 'x'.repeat(4000) });
  const message = messageOf(() => rotate(stack, functionIn(stack), { content }));
  expect(message).toBe('[Stack/Secret] what the function \'Stack/Rotator\' needs in its environment variables for its 1 '
    + 'secrets exceeds the limit of AWS Lambda, 4096 bytes; define another function, or exclude fewer characters');
});

test('a plain secret is rotated as well, from its window on', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const secret = new Secret(stack, 'Secret');
  SecretHardening.fromSecret(secret).addRotation(Rotation.steps({ handler: functionIn(stack) }));
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate: false });
  expect(bindingsOf(template)).toEqual([{ secret: stack.resolve(secret.secretArn).Ref }]);
});
