import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { replicaKey } from '../../../src/replication/private/replica-key';

function setUp(region = 'eu-west-1'): Stack {
  return new Stack(new App(), 'Stack', { env: { account: '111111111111', region } });
}

function platformOf(stack: Stack, platformName: string) {
  return { platformName, platform: new Construct(stack, platformName) };
}

describe('replicaKey', () => {
  test('is one for each platform', () => {
    const stack = setUp();
    const [payments, orders] = ['payments', 'orders'].map((name) => platformOf(stack, name));
    const key = replicaKey(stack, payments, false);
    expect(replicaKey(stack, payments, false)).toBe(key);
    expect(replicaKey(stack, orders, false)).not.toBe(key);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 2);
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/payments' });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/orders' });
  });

  test('is rotated, retained, and says what it is for', () => {
    const stack = setUp();
    replicaKey(stack, platformOf(stack, 'payments'), true);
    Template.fromStack(stack).hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true, Description: 'Encrypts the replicas of the secrets of payments' },
      DeletionPolicy: Match.stringLikeRegexp('^Retain'),
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each([
    ['eu-west-1', ['secretsmanager.eu-west-1.amazonaws.com']],
    ['cn-northwest-1', ['secretsmanager.cn-northwest-1.amazonaws.com', 'secretsmanager.cn-northwest-1.amazonaws.com.cn']],
    ['us-gov-east-1', ['secretsmanager.us-gov-east-1.amazonaws.com']],
  ])('is used through Secrets Manager in %s', (region, services) => {
    const stack = setUp(region);
    replicaKey(stack, platformOf(stack, 'payments'), true);
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Condition: { StringEquals: Match.objectLike({ 'kms:ViaService': services }) } }),
        ]),
      },
    });
  });
});
