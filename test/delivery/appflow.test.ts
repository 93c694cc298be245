import { Template } from 'aws-cdk-lib/assertions';
import { CfnConnectorProfile } from 'aws-cdk-lib/aws-appflow';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Fn, Stack } from 'aws-cdk-lib/core';
import { environment, stackOf } from './delivery-scenario';
import { HardenedSecret, SecretContent, SecretDelivery } from '../../src';
import { messageOf, only } from '../support/scenario';

const profileIn = (stack: Stack, connectorType = 'Salesforce', credentials: object = { refreshToken: 'of a test' }) =>
  new CfnConnectorProfile(stack, 'Profile', {
    connectorProfileName: 'orders',
    connectorType,
    connectionMode: 'Public',
    connectorProfileConfig: {
      connectorProfileProperties: { salesforce: { instanceUrl: 'https://example.my.salesforce.com' } },
      connectorProfileCredentials: { [connectorType.toLowerCase()]: credentials },
    },
  });
const secretIn = (stack: Stack): HardenedSecret =>
  new HardenedSecret(stack, 'Secret', { content: SecretContent.placeholder({ fields: ['clientId', 'clientSecret'] }) });

test.each(['Salesforce', 'Pardot'])('a profile for %s names the secret beside its tokens', (connectorType) => {
  const stack = stackOf();
  secretIn(stack).delivery.toAppFlowConnectorProfile(profileIn(stack, connectorType));
  const { resource } = only(Template.fromStack(stack), 'AWS::AppFlow::ConnectorProfile');
  expect(resource.Properties.ConnectorProfileConfig.ConnectorProfileCredentials).toEqual({
    [connectorType]: { RefreshToken: 'of a test', ClientCredentialsArn: { Ref: expect.stringMatching(/^Secret/) } },
  });
  expect(resource.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^SecretPolicy/)]));
});

test('a profile takes a secret where the Region is known at deployment', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => secretIn(stack).delivery.toAppFlowConnectorProfile(profileIn(stack))).not.toThrow();
});

test('Amazon AppFlow may read and decrypt it for the account of the profile, and for no other', () => {
  const stack = stackOf();
  secretIn(stack).delivery.toAppFlowConnectorProfile(profileIn(stack));
  const template = Template.fromStack(stack);
  const ofAppFlow = (statements: { Principal: unknown }[]): unknown[] =>
    statements.filter(({ Principal }) => JSON.stringify(Principal).includes('appflow'));
  const { Statement } = only(template, 'AWS::SecretsManager::ResourcePolicy').resource.Properties.ResourcePolicy;
  const allowed = { Effect: 'Allow', Principal: { Service: 'appflow.amazonaws.com' } };
  expect(ofAppFlow(Statement)).toEqual([{
    ...allowed,
    Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
  }]);
  expect(ofAppFlow(only(template, 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement)).toEqual([
    expect.objectContaining({
      ...allowed,
      Action: 'kms:Decrypt',
      Condition: expect.objectContaining({
        StringEquals: expect.objectContaining({ 'aws:SourceAccount': '111111111111' }),
      }),
    }),
  ]);
});

test.each<[string, (stack: Stack) => void, string]>([
  [
    'a connector that takes no secret',
    (stack) => secretIn(stack).delivery.toAppFlowConnectorProfile(profileIn(stack, 'Slack')),
    '[Stack/Profile] `connectorType` is "Slack", allowed: for a secret: Salesforce or Pardot; Amazon AppFlow takes',
  ],
  [
    'a connector that is known at deployment',
    (stack) => secretIn(stack).delivery.toAppFlowConnectorProfile(profileIn(stack, Fn.importValue('connector'))),
    '[Stack/Profile] `connectorType` is "a value that is known at deployment", allowed: for a secret: Salesforce or Pardot;',
  ],
  [
    'a profile with a secret',
    (stack) => secretIn(stack).delivery
      .toAppFlowConnectorProfile(profileIn(stack, 'Salesforce', { clientCredentialsArn: 'arn' })),
    '[Stack/Profile] it has a `clientCredentialsArn` already; leave it out, and deliver one secret',
  ],
  [
    'a second secret',
    (stack) => {
      const profile = profileIn(stack);
      const { delivery } = secretIn(stack);
      delivery.toAppFlowConnectorProfile(profile);
      delivery.toAppFlowConnectorProfile(profile);
    },
    '[Stack/Profile] it has a `clientCredentialsArn` already; leave it out, and deliver one secret',
  ],
  [
    'another partition',
    (stack) => {
      const china = new Stack(stack.node.root as App, 'China', { env: { ...environment, region: 'cn-north-1' } });
      secretIn(china).delivery.toAppFlowConnectorProfile(profileIn(china));
    },
    "[China/Profile] it is in the partition 'aws-cn', and Amazon AppFlow takes ARNs of 'aws' alone; leave its client to",
  ],
  [
    'a text',
    (stack) => new HardenedSecret(stack, 'Secret').delivery.toAppFlowConnectorProfile(profileIn(stack)),
    '[Stack/Secret] `content` is "a text", allowed: a JSON object with clientId and clientSecret, for Amazon AppFlow and '
      + "'Stack/Profile'; use",
  ],
  [
    'another Region',
    (stack) => secretIn(new Stack(stack.node.root as App, 'Elsewhere', { env: { ...environment, region: 'us-east-1' } }))
      .delivery.toAppFlowConnectorProfile(profileIn(stack)),
    '[Stack/Profile] `toAppFlowConnectorProfile(secret)` is "Elsewhere/Secret in us-east-1", '
      + 'allowed: one in the region eu-west-1;',
  ],
  [
    'another account',
    (stack) => secretIn(new Stack(stack.node.root as App, 'Elsewhere', { env: { ...environment, account: '222222222222' } }))
      .delivery.toAppFlowConnectorProfile(profileIn(stack)),
    '[Stack/Profile] `toAppFlowConnectorProfile(secret)` is "Elsewhere/Secret in 222222222222", allowed: one in the account',
  ],
  [
    'an imported secret, whose policy cannot be changed',
    (stack) => SecretDelivery.fromSecret(Secret.fromSecretCompleteArn(
      stack, 'Imported', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:salesforce-AbCdEf',
    )).toAppFlowConnectorProfile(profileIn(stack)),
    '[Stack/Imported] ',
  ],
])('refuses %s', (_, deliver, message) => {
  const stack = stackOf();
  expect(messageOf(() => deliver(stack))).toContain(message);
});
