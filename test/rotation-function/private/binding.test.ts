import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnParameter, CfnResource, Stack, Token } from 'aws-cdk-lib/core';
import { environmentSize, MAXIMUM_ENVIRONMENT } from '../../../src/rotation-function/private/binding';

const stack = new Stack(new App(), 'Stack');

test('is that of the JSON, in bytes', () => {
  expect(environmentSize({})).toBe(2);
  expect(environmentSize({ NAME: 'value', OTHER: '{"ä":1}' })).toBe(Buffer.byteLength('{"NAME":"value","OTHER":"{\\"ä\\":1}"}'));
  expect(MAXIMUM_ENVIRONMENT).toBe(4096);
});

test('counts a secret as the ARN that it may have at most', () => {
  const { secretArn } = new Secret(stack, 'Token');
  const longest = 'arn:aws-us-gov:secretsmanager:us-gov-east-1:111111111111:secret:';
  expect(environmentSize({ NAME: secretArn }))
    .toBeGreaterThanOrEqual(environmentSize({ NAME: `${longest}Token4B0D5A3D-aaaaaaaaaaaa-bbbbbb` }));
  expect(environmentSize({ NAME: secretArn }, 512))
    .toBeGreaterThanOrEqual(environmentSize({ NAME: `${longest}${'x'.repeat(512)}-bbbbbb` }));
  expect(environmentSize({ NAME: secretArn }, 512)).toBeLessThan(environmentSize({ NAME: `${longest}${'x'.repeat(550)}` }));
});

test.each([
  ['parameters', new CfnParameter(stack, 'Parameter').valueAsString],
  ['attributes', new CfnResource(stack, 'Resource', { type: 'Test::Database' }).getAtt('Endpoint').toString()],
  ['other tokens', Token.asString({ 'Fn::ImportValue': 'x' })],
])('counts %s as much as most values have, and the text around them as it is', (_, token) => {
  const alone = environmentSize({ NAME: token }) - environmentSize({ NAME: '' });
  expect(alone).toBe(150);
  expect(environmentSize({ NAME: `https://${token}/${token}` })).toBe(environmentSize({ NAME: 'https:///' }) + 2 * alone);
});
