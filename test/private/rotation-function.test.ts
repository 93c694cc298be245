import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import type { RotationContext } from '../../src/private/rotation-context';
import { RotationFunction } from '../../src/private/rotation-function';
import { testApp } from '../support/scenario';

function setup(environment: Record<string, string> = {}, superuser?: (stack: Stack) => Secret) {
  const stack = new Stack(testApp(), 'Stack');
  const given = superuser?.(stack);
  const made = new RotationFunction(stack, 'Rotator', {
    functionName: 'team-values', description: 'Makes values', handler: 'regenerate', environment, settings: {}, superuser: given,
  });
  return { stack, made, given, template: () => Template.fromStack(stack) };
}

const password = { length: 32, excludeCharacters: '' };

test('its policy lets it act on secrets whose configured function it is, of its account and Region, and on nothing else', () => {
  const { stack, template } = setup();
  const [{ Properties }] = Object.values(template().findResources('AWS::IAM::ManagedPolicy'));
  const [rotate, logs, ...others] = Properties.PolicyDocument.Statement;
  expect(others).toEqual([]);
  expect(rotate).toEqual({
    Sid: 'RotateSecretsOfThisFunction',
    Effect: 'Allow',
    Action: [
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds', 'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    Resource: expect.anything(),
    Condition: { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': stack.resolve(`arn:${stack.partition}:lambda:${stack.region}:${stack.account}:function:team-values`) } },
  });
  expect(JSON.stringify(rotate.Resource)).toContain(':secret:');
  expect(logs.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
});

test('its runtime, time, memory and logs are set', () => {
  const { template } = setup();
  template().hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Timeout: 120, MemorySize: 256, Handler: 'index.handler' });
  template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate', Properties: { RetentionInDays: 365 } });
});

test('it is found again by the function, and by the superuser it signs in with', () => {
  const { made, given } = setup({}, (stack) => new Secret(stack, 'Superuser'));
  expect(RotationFunction.of(made.rotationFunction)).toBe(made);
  expect(RotationFunction.readersOf(given!)).toEqual([made]);
  expect(RotationFunction.readersOf(new Secret(made, 'Other'))).toEqual([]);
});

test('it has room as long as what it is told fits into its environment', () => {
  const { stack, made, template } = setup();
  const secret = new Secret(stack, 'Token');
  let count = 0;
  while (made.hasRoom) {
    made.bindValue({ secret: secret.secretArn, password });
    count += 1;
  }
  expect(count).toBeGreaterThan(10);
  const [{ Properties }] = Object.values(template().findResources('AWS::Lambda::Function'));
  const length = JSON.stringify(Properties.Environment.Variables.ROTATION_BINDINGS['Fn::Join'][1]).replace(/\{"Ref":"[^"]*"\}/g, 'x'.repeat(120)).length;
  expect(length).toBeLessThan(4096);
});

test('a key that is known by its ARN only is used under it, once for all secrets', () => {
  const { stack, made, template } = setup();
  const kmsKeyId = 'arn:aws:kms:us-east-1:111111111111:key/1';
  for (const id of ['A', 'B']) {
    const context = { scope: stack, secret: new Secret(stack, id), key: { kmsKeyId }, monitored: true, content: {}, replicaRegions: [] };
    made.use(context as unknown as RotationContext, 24);
  }
  const [[, policy]] = Object.entries(template().findResources('AWS::IAM::ManagedPolicy')).filter(([id]) => !id.includes('Audit'));
  expect(policy.Properties.PolicyDocument.Statement.filter(({ Resource }: { Resource: unknown }) => Resource === kmsKeyId)).toHaveLength(1);
});
