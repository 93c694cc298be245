import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  HardenedSecret,
  Rotation,
  type RotationBindOptions,
  type RotationConfig,
  RotationTiming,
  SecretMonitoring,
} from '../../src';
import { testApp } from '../support/scenario';

class OwnRotation extends Rotation {
  bind(scope: Construct, _: RotationBindOptions): RotationConfig {
    return {
      rotationFunction: new LambdaFunction(scope, 'Own', {
        code: Code.fromInline('x'),
        handler: 'index.handler',
        runtime: Runtime.NODEJS_22_X,
      }),
    };
  }
}

test('a rotation of the user\'s brings its function, and gets schedule and permission', () => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new HardenedSecret(stack, 'Token', {
    rotation: new OwnRotation(),
    monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') }),
  });
  const template = Template.fromStack(stack);
  const [functionId] = Object.keys(template.findResources('AWS::Lambda::Function'));
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationLambdaARN: { 'Fn::GetAtt': [functionId, 'Arn'] }, RotationRules: { ScheduleExpression: 'rate(30 days)' },
  });
  template.hasResource('AWS::SecretsManager::RotationSchedule', {
    DependsOn: Object.keys(template.findResources('AWS::Lambda::Permission')),
  });
  template.resourceCountIs('AWS::Events::Rule', 1);
  expect(secret.alarms).toEqual([]);
  expect(secret.rotationFunction).toBeDefined();
});

test('the timing of a rotation is that of the schedule', () => {
  const stack = new Stack(testApp(), 'Stack');
  new HardenedSecret(stack, 'Token', {
    rotation: Rotation.regenerate({
      timing: RotationTiming.every(Duration.hours(12), { window: Duration.hours(2), rotateImmediately: false }),
    }),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: 'rate(12 hours)', Duration: '2h' }, RotateImmediatelyOnUpdate: false,
  });
});

test.each(['', '  '])('no reason is no reason: %j', (reason) => {
  const stack = new Stack(testApp(), 'Stack');
  expect(() => new HardenedSecret(stack, 'Token', { rotation: Rotation.none(reason) }))
    .toThrow(`[Stack/Token] \`Rotation.none(reason)\` is ${JSON.stringify(reason)}, allowed: a text; say why the secret does not `
      + 'rotate and how it is renewed');
});
