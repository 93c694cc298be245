import { App, Stack } from 'aws-cdk-lib/core';
import { encryptionKeyPolicy, KEY_USE } from '../../../src/encryption/private/key-policy';

const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
const root = { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111111111111:root']] } };
const throughSecretsManager = (region: string) => ({
  'kms:CallerAccount': '111111111111',
  'kms:ViaService': [`secretsmanager.${region}.amazonaws.com`],
});
const statements = (region?: string) => Object.fromEntries(stack.resolve(encryptionKeyPolicy(stack, region)).Statement
  .map(({ Sid, ...statement }: { Sid: string }) => [Sid, statement]));

test('nobody gives grants but for services of AWS, as CT.KMS.PR.3 asks', () => {
  expect(statements().DenyGrantsToOthers).toEqual({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'kms:CreateGrant',
    Resource: '*',
    Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  });
});

test('grants for services of AWS go through Secrets Manager', () => {
  expect(statements().GrantThroughSecretsManager).toEqual({
    Effect: 'Allow',
    Principal: root,
    Action: 'kms:CreateGrant',
    Resource: '*',
    Condition: { StringEquals: throughSecretsManager('eu-west-1'), Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
});

test.each([undefined, 'us-east-1'])('IAM decides who uses it, through Secrets Manager of its Region: %s', (region) => {
  expect(statements(region).UseThroughSecretsManager).toEqual({
    Effect: 'Allow',
    Principal: root,
    Action: KEY_USE,
    Resource: '*',
    Condition: { StringEquals: throughSecretsManager(region ?? 'eu-west-1') },
  });
});

test('whoever administers it can neither use it nor give it away', () => {
  const { Condition, Action } = statements().AdministerThroughIam as { Condition?: unknown; Action: string[] };
  expect(Condition).toBeUndefined();
  expect(Action.filter((action) => /^kms:(Encrypt|Decrypt|GenerateData|ReEncrypt|CreateGrant|Sign|\*$)/.test(action)))
    .toEqual([]);
  expect(Action).toEqual(expect.arrayContaining(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:EnableKeyRotation']));
});
