import { App, Stack } from 'aws-cdk-lib/core';
import { anyKeyArn, functionArn, secretArnPattern, viaSecretsManager } from '../../src/core/arn';

const stackIn = (region?: string) =>
  new Stack(new App(), 'Stack', region === undefined ? {} : { env: { account: '111111111111', region } });
const inWords = (stack: Stack, value: string) => {
  const resolved = stack.resolve(value);
  return typeof resolved === 'string'
    ? resolved
    : (resolved['Fn::Join'][1] as (string | { Ref: string })[])
      .map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`))
      .join('');
};

test.each<[string, (stack: Stack) => string, string]>([
  ['a function', (stack) => functionArn(stack, 'team-values'), ':lambda:eu-west-1:111111111111:function:team-values'],
  [
    'a secret, with its random characters',
    (stack) => secretArnPattern(stack, 'one'),
    ':secretsmanager:eu-west-1:111111111111:secret:one-??????',
  ],
  [
    'a secret of another Region',
    (stack) => secretArnPattern(stack, 'one', 'us-east-1'),
    ':secretsmanager:us-east-1:111111111111:secret:one-??????',
  ],
  ['all secrets', (stack) => secretArnPattern(stack), ':secretsmanager:eu-west-1:111111111111:secret:*'],
  ['all keys', (stack) => anyKeyArn(stack), ':kms:eu-west-1:111111111111:key/*'],
  ['all keys of another Region', (stack) => anyKeyArn(stack, 'us-east-1'), ':kms:us-east-1:111111111111:key/*'],
])('the ARN of %s is of any partition', (_, arn, expected) => {
  const stack = stackIn('eu-west-1');
  expect(inWords(stack, arn(stack))).toBe(`arn:<AWS::Partition>${expected}`);
});

test.each<[string | undefined, string[]]>([
  ['eu-west-1', ['secretsmanager.eu-west-1.amazonaws.com']],
  ['us-gov-west-1', ['secretsmanager.us-gov-west-1.amazonaws.com']],
  ['cn-north-1', ['secretsmanager.cn-north-1.amazonaws.com', 'secretsmanager.cn-north-1.amazonaws.com.cn']],
  [undefined, ['secretsmanager.<AWS::Region>.amazonaws.com', 'secretsmanager.<AWS::Region>.amazonaws.com.cn']],
])('Secrets Manager is named as requests in %s name it', (region, expected) => {
  const stack = stackIn(region);
  expect(viaSecretsManager(stack).map((name) => inWords(stack, name))).toEqual(expected);
});

test('Secrets Manager of another Region is named by that', () => {
  expect(viaSecretsManager(stackIn('cn-north-1'), 'eu-west-1')).toEqual(['secretsmanager.eu-west-1.amazonaws.com']);
});
