import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Aws, CfnParameter, CfnResource, ScopedAws, Stack, Token } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
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

test.each<[string, string, string[]]>([
  ['partition', Aws.PARTITION, ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc']],
  ['partition of a stack', stack.partition, RegionInfo.regions.flatMap(({ partition }) => partition ?? [])],
  ['Region', Aws.REGION, RegionInfo.regions.map(({ name }) => name)],
  ['Region of a stack', new ScopedAws(stack).region, RegionInfo.regions.map(({ name }) => name)],
  ['account', Aws.ACCOUNT_ID, ['111111111111']],
  ['domain', Aws.URL_SUFFIX, RegionInfo.regions.flatMap(({ domainSuffix }) => domainSuffix ?? [])],
  ['name of a stack', Aws.STACK_NAME, ['x'.repeat(128)]],
  ['id of a stack', new ScopedAws(stack).stackId, [
    `arn:aws-us-gov:cloudformation:us-gov-west-1:111111111111:stack/${'x'.repeat(128)}/11111111-2222-3333-4444-555555555555`,
  ]],
])('counts the %s as long as the longest there is', (_, token, values) => {
  const longest = Math.max(...values.map((value) => value.length));
  const counted = environmentSize({ NAME: token }) - environmentSize({ NAME: '' });
  expect(counted).toBeGreaterThanOrEqual(longest);
  expect(counted).toBeLessThanOrEqual(longest + 3);
});
