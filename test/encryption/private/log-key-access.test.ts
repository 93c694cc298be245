import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { allowLogGroups } from '../../../src/encryption/private/log-key-access';
import { only } from '../../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: ENV });
});

test('CloudWatch Logs may use the key for log groups of the account and Region, and for no others', () => {
  allowLogGroups(stack, new Key(stack, 'Key'));
  expect(only(Template.fromStack(stack), 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement.slice(1)).toEqual([{
    Effect: 'Allow',
    Principal: { Service: { 'Fn::Join': ['', ['logs.us-east-1.', { Ref: 'AWS::URLSuffix' }]] } },
    Action: ACTIONS,
    Resource: '*',
    Condition: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:111111111111:log-group:*']],
        },
      },
    },
  }]);
});

test('many log groups add one statement', () => {
  const key = new Key(stack, 'Key');
  const addition = jest.spyOn(key, 'addToResourcePolicy');
  allowLogGroups(stack, key);
  allowLogGroups(new Stack(stack.node.root as App, 'Other', { env: ENV }), key);
  expect(addition).toHaveBeenCalledTimes(1);
});

test('another account is another statement', () => {
  const key = new Key(stack, 'Key');
  allowLogGroups(stack, key);
  allowLogGroups(new Stack(stack.node.root as App, 'Other', { env: { ...ENV, account: '222222222222' } }), key);
  expect(only(Template.fromStack(stack), 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement).toHaveLength(3);
});

test('a key whose policy cannot be changed gets a warning that says what it must allow', () => {
  allowLogGroups(stack, Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1'));
  Annotations.fromStack(stack).hasWarning('/Stack', Match.stringLikeRegexp(
    "policy of the key 'Stack/Key' cannot be changed here; it must let CloudWatch Logs of the Region use "
      + `${ACTIONS.join(', ').replace(/\*/g, '\\*')} `
    + 'for log groups of the account, or the deployment fails'));
});
