import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Duration, SecretValue, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, RotationTiming, SecretContent } from '../../src';
import { testApp } from '../support/scenario';

const FACTORIES = { custom: Rotation.custom, steps: Rotation.steps };
const AT_ONCE = RotationTiming.every(Duration.days(30), { rotateImmediately: true });

function rotated(kind: keyof typeof FACTORIES, content: SecretContent, timing?: RotationTiming): Stack {
  const stack = new Stack(testApp(), 'Stack');
  const handler = new LambdaFunction(stack, 'Rotator', {
    code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, timeout: Duration.minutes(1),
  });
  new HardenedSecret(stack, 'Creds', { content, rotation: FACTORIES[kind]({ handler, timing }) });
  return stack;
}

const begins = (stack: Stack, atOnce: boolean) => Template.fromStack(stack)
  .hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate: atOnce });
const told = (stack: Stack) => Annotations.fromStack(stack).findInfo('/Stack/Creds', Match.stringLikeRegexp('put-secret-value'));

describe.each(['custom', 'steps'] as const)('Rotation.%s()', (kind) => {
  test.each([
    ['a placeholder', SecretContent.placeholder()],
    ['a placeholder of fields', SecretContent.placeholder({ fields: ['id', 'secret'] })],
    ['a document with a placeholder', SecretContent.fromSecretValues({ id: SecretValue.ssmSecure('id') }, ['secret'])],
  ])('does not begin with %s, and says how to go on', (_, content) => {
    const stack = rotated(kind, content);
    begins(stack, false);
    expect(told(stack)).toHaveLength(1);
  });

  test('begins at once where the user says so', () => {
    const stack = rotated(kind, SecretContent.placeholder(), AT_ONCE);
    begins(stack, true);
    expect(told(stack)).toEqual([]);
  });

  test('begins at once with a real value', () => {
    const stack = rotated(kind, SecretContent.generated());
    begins(stack, true);
    expect(told(stack)).toEqual([]);
  });
});
