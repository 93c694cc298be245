import { Template } from 'aws-cdk-lib/assertions';
import * as agentcore from 'aws-cdk-lib/aws-bedrockagentcore';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { environment, stackOf } from './delivery-scenario';
import { HardenedSecret, SecretContent, SecretDelivery, SecretReplica } from '../../src';
import { messageOf, only } from '../support/scenario';

const API_KEY = 'AWS::BedrockAgentCore::ApiKeyCredentialProvider';
const OAUTH2 = 'AWS::BedrockAgentCore::OAuth2CredentialProvider';
type Properties = Record<string, unknown>;
type Maker = (scope: Construct, properties?: Properties) => CfnResource;

const elsewhere = (stack: Stack): Stack =>
  new Stack(stack.node.root as App, 'Elsewhere', { env: { ...environment, region: 'us-east-1' } });
const agentIn = (scope: Construct): Role =>
  new Role(scope, 'Agent', { assumedBy: new ServicePrincipal('bedrock-agentcore.amazonaws.com') });
const secretIn = (scope: Construct, ...fields: string[]): HardenedSecret =>
  new HardenedSecret(scope, 'Secret', { content: SecretContent.placeholder({ fields }) });
const byType = (type: string): Maker => (scope, properties = {}) =>
  new CfnResource(scope, 'Provider', { type, properties: { Name: 'search', ...properties } });
const capitalised = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [
    name[0].toUpperCase() + name.slice(1),
    typeof value === 'object' && !Token.isUnresolved(value) ? capitalised(value as Properties) : value,
  ]));

/** The class of the AWS CDK where it has one, and the resource without a class. */
const makersOf = (name: string, type: string): [string, Maker][] => {
  const classes = agentcore as unknown as Record<string, new (scope: Construct, id: string, props: Properties) => CfnResource>;
  const Provider = classes[name];
  return [
    ['a resource by its type', (scope, properties = {}) => byType(type)(scope, capitalised(properties))],
    ...Provider ? [[`a ${name}`, (scope, properties = {}) =>
      new Provider(scope, 'Provider', { name: 'search', ...properties })] as [string, Maker]] : [],
  ];
};

describe.each(makersOf('CfnApiKeyCredentialProvider', API_KEY))('an API key, for %s', (_, make) => {
  test('is a field of the secret, which the agent may read and decrypt', () => {
    const stack = stackOf();
    const workload = agentIn(stack);
    secretIn(stack, 'apiKey').delivery.toAgentCoreCredentialProvider(make(stack), { workload });
    const template = Template.fromStack(stack);
    expect(only(template, API_KEY).resource.Properties).toMatchObject({
      Name: 'search',
      ApiKeySecretConfig: { SecretId: { Ref: expect.stringMatching(/^Secret/) }, JsonKey: 'apiKey' },
      ApiKeySecretSource: 'EXTERNAL',
    });
    const { resource: policy } = only(template, 'AWS::IAM::Policy', 'Agent');
    expect((policy.Properties.PolicyDocument.Statement as { Action: string | string[] }[]).flatMap(({ Action }) => Action))
      .toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
  });

  test.each([
    [{ apiKey: 'of a test' }, 'ApiKey'],
    [{ apiKeySecretConfig: { secretId: 'other', jsonKey: 'key' } }, 'ApiKeySecretConfig'],
    [{ apiKeySecretSource: 'MANAGED' }, 'ApiKeySecretSource'],
  ])('is refused beside %j', (properties, taken) => {
    const stack = stackOf();
    const provider = make(stack, properties);
    expect(messageOf(() =>
      secretIn(stack, 'apiKey').delivery.toAgentCoreCredentialProvider(provider, { workload: agentIn(stack) }),
    )).toBe(`[Stack/Provider] it has a \`${taken}\` already, and takes one secret or clear text; `
      + `leave \`${taken}\` out: toAgentCoreCredentialProvider() refers to the secret`);
  });
});

describe.each(makersOf('CfnOAuth2CredentialProvider', OAUTH2))('a client secret, for %s', (_, make) => {
  const vendor = { credentialProviderVendor: 'GithubOauth2' };
  const github = { ...vendor, oauth2ProviderConfigInput: { githubOauth2ProviderConfig: { clientId: 'app' } } };

  test('is a field of the secret, beside what the vendor needs', () => {
    const stack = stackOf();
    secretIn(stack, 'clientSecret').delivery.toAgentCoreCredentialProvider(make(stack, github), { workload: agentIn(stack) });
    expect(only(Template.fromStack(stack), OAUTH2).resource.Properties.Oauth2ProviderConfigInput).toEqual({
      GithubOauth2ProviderConfig: {
        ClientId: 'app',
        ClientSecretConfig: { SecretId: { Ref: expect.stringMatching(/^Secret/) }, JsonKey: 'clientSecret' },
        ClientSecretSource: 'EXTERNAL',
      },
    });
  });

  test('may be read by several agents', () => {
    const stack = stackOf();
    const provider = make(stack, github);
    const { delivery } = secretIn(stack, 'clientSecret');
    const agents = ['One', 'Other'].map((id) => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    agents.forEach((workload) => delivery.toAgentCoreCredentialProvider(provider, { workload }));
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy')))
      .toEqual([expect.stringMatching(/^One/), expect.stringMatching(/^Other/)]);
  });

  test('is refused where the client proves itself in another way', () => {
    const stack = stackOf();
    const custom = (clientAuthenticationMethod: string) => ({
      credentialProviderVendor: 'CustomOauth2',
      oauth2ProviderConfigInput: { customOauth2ProviderConfig: { clientId: 'app', clientAuthenticationMethod } },
    });
    const provider = make(stack, custom('PRIVATE_KEY_JWT'));
    const { delivery } = secretIn(stack, 'clientSecret');
    const workload = agentIn(stack);
    expect(messageOf(() => delivery.toAgentCoreCredentialProvider(provider, { workload }))).toBe(
      "[Stack/Provider] its `clientAuthenticationMethod` is 'PRIVATE_KEY_JWT', which takes no client secret; "
        + 'use CLIENT_SECRET_BASIC or CLIENT_SECRET_POST, or deliver none',
    );
    const other = new Stack(stack.node.root as App, 'Other', { env: environment });
    delivery.toAgentCoreCredentialProvider(make(other, custom('CLIENT_SECRET_POST')), {
      workload: Role.fromRoleArn(other, 'Agent', 'arn:aws:iam::111111111111:role/agent'),
    });
  });

  test('is refused beside another', () => {
    const stack = stackOf();
    const provider = make(stack, github);
    const { delivery } = secretIn(stack, 'clientSecret', 'next');
    const workload = agentIn(stack);
    delivery.toAgentCoreCredentialProvider(provider, { workload });
    expect(messageOf(() => delivery.toAgentCoreCredentialProvider(provider, { workload, field: 'next' })))
      .toContain('[Stack/Provider] it has a `ClientSecretConfig` already');
    const clear = make(new Stack(new App(), 'Other', { env: environment }), {
      ...vendor, oauth2ProviderConfigInput: { githubOauth2ProviderConfig: { clientId: 'app', clientSecret: 'of a test' } },
    });
    expect(messageOf(() => delivery.toAgentCoreCredentialProvider(clear, { workload })))
      .toContain('[Other/Provider] it has a `ClientSecret` already');
  });

  test.each<[string, Properties, string]>([
    ['none', vendor, 'is not given'],
    ['two', {
      ...vendor,
      oauth2ProviderConfigInput: { githubOauth2ProviderConfig: { clientId: 'a' }, slackOauth2ProviderConfig: { clientId: 'b' } },
    }, 'is "GithubOauth2ProviderConfig, SlackOauth2ProviderConfig"'],
    ['one that is known later', { ...vendor, oauth2ProviderConfigInput: Lazy.any({ produce: () => ({}) }) }, 'is not given'],
  ])('needs the configuration of one vendor, not %s', (__, properties, got) => {
    const stack = stackOf();
    const provider = make(stack, properties);
    expect(messageOf(() =>
      secretIn(stack, 'clientSecret').delivery.toAgentCoreCredentialProvider(provider, { workload: agentIn(stack) }),
    )).toBe(`[Stack/Provider] \`oauth2ProviderConfigInput\` ${got}, allowed: an object with the configuration of one vendor; `
      + 'give it before toAgentCoreCredentialProvider(), without its client secret');
  });
});

test('takes a secret of another stack, of another account of the Region, and a replica of the Region', () => {
  const app = new App();
  const stackIn = (id: string, account: string, region = 'eu-west-1'): Stack => new Stack(app, id, { env: { account, region } });
  const agents = stackIn('Agents', '111111111111');
  const workload = Role.fromRoleArn(agents, 'Agent', 'arn:aws:iam::111111111111:role/agent');
  const secretIdOf = (id: string, delivery: SecretDelivery): unknown => {
    const provider = new CfnResource(agents, id, { type: API_KEY, properties: { Name: id } });
    delivery.toAgentCoreCredentialProvider(provider, { workload, field: 'key' });
    return agents.resolve((provider as unknown as { rawOverrides: any }).rawOverrides.Properties.ApiKeySecretConfig.SecretId);
  };
  const content = SecretContent.placeholder({ fields: ['key'] });
  const beside = new HardenedSecret(stackIn('Beside', '111111111111'), 'Secret', { content, secretName: 'search' });
  expect(secretIdOf('OfStack', beside.delivery)).toBe('search');
  const replicated = new HardenedSecret(stackIn('Origin', '111111111111', 'us-east-1'), 'Secret', {
    content, replicas: [SecretReplica.inRegion('eu-west-1')], secretName: 'copied',
  });
  expect(secretIdOf('OfReplica', SecretDelivery.fromSecret(replicated.replica('eu-west-1')))).toBeDefined();
  const imported = Secret.fromSecretCompleteArn(
    agents, 'Imported', 'arn:aws:secretsmanager:eu-west-1:222222222222:secret:search-AbCdEf',
  );
  expect(messageOf(() => secretIdOf('OfAccount', SecretDelivery.fromSecret(imported)))).toContain('[Agents/Imported] ');
});

test.each<[string, (stack: Stack) => void, string]>([
  [
    'another type',
    (stack) => secretIn(stack, 'apiKey').delivery.toAgentCoreCredentialProvider(
      byType('AWS::BedrockAgentCore::WorkloadIdentity')(stack), { workload: agentIn(stack) },
    ),
    '[Stack/Provider] `toAgentCoreCredentialProvider(provider)` is "AWS::BedrockAgentCore::WorkloadIdentity", '
      + `allowed: ${API_KEY} or ${OAUTH2}; pass a credential provider of AgentCore Identity`,
  ],
  [
    'a field that the value does not have',
    (stack) => new HardenedSecret(stack, 'Secret', { content: SecretContent.json({ owner: 'search' }, 'token') })
      .delivery.toAgentCoreCredentialProvider(byType(API_KEY)(stack), { workload: agentIn(stack) }),
    '[Stack/Secret] `content` is "a JSON object with owner, token", allowed: a JSON object with apiKey, '
      + "for AgentCore Identity and 'Stack/Provider'; use SecretContent.json() or databaseCredentials(), "
      + 'or placeholder() with `fields` for a value that somebody puts',
  ],
  [
    'a text',
    (stack) => new HardenedSecret(stack, 'Secret')
      .delivery.toAgentCoreCredentialProvider(byType(API_KEY)(stack), { workload: agentIn(stack) }),
    '[Stack/Secret] `content` is "a text", allowed: a JSON object with apiKey, for AgentCore Identity',
  ],
  [
    'a field without a name',
    (stack) => secretIn(stack, 'apiKey')
      .delivery.toAgentCoreCredentialProvider(byType(API_KEY)(stack), { workload: agentIn(stack), field: '' }),
    '[Stack/Provider] `toAgentCoreCredentialProvider(field)` is "", allowed: 1 to 128 characters; name a field of the value',
  ],
  [
    'a secret of another Region',
    (stack) => secretIn(elsewhere(stack), 'apiKey')
      .delivery.toAgentCoreCredentialProvider(byType(API_KEY)(stack), { workload: agentIn(stack) }),
    '[Stack/Provider] `toAgentCoreCredentialProvider(secret)` is "Elsewhere/Secret in us-east-1", '
      + 'allowed: one in the region eu-west-1; replicate the secret',
  ],
])('refuses %s', (_, deliver, message) => {
  const stack = stackOf();
  expect(messageOf(() => deliver(stack))).toContain(message);
});
