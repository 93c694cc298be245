import { Template } from 'aws-cdk-lib/assertions';
import { App, CfnResource, type Environment, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { deployAfterPlatform } from '../../../src/rotation-function/private/platform-dependency';

const ENV = { account: '111111111111', region: 'us-east-1' };

function platformIn(stack: Stack): Construct {
  const platform = new Construct(stack, 'Platform');
  new CfnResource(platform, 'Function', { type: 'Test::Function' });
  return platform;
}

function apart(env?: Environment, home?: Environment): { secret: Construct; platform: Construct } {
  const app = new App();
  return {
    secret: new Construct(new Stack(app, 'Stack', { env }), 'Secret'),
    platform: platformIn(new Stack(app, 'Home', { env: home })),
  };
}

test.each<[string, Environment | undefined, Environment | undefined]>([
  ['equal environments', ENV, ENV], ['one that is not known', ENV, undefined], ['none that is known', undefined, undefined],
  ['one of a known Region only', ENV, { region: ENV.region }],
])('a secret in another stack is deployed after its platform: %s', (_, env, home) => {
  const { secret, platform } = apart(env, home);
  deployAfterPlatform(secret, platform);
  expect(Stack.of(secret).dependencies).toEqual([Stack.of(platform)]);
});

test.each([
  [
    'Region',
    { ...ENV, region: 'eu-west-1' },
    "the secret is in the Region us-east-1, and its platform 'Home/Platform' in eu-west-1",
  ],
  [
    'account',
    { ...ENV, account: '222222222222' },
    "the secret is in the account 111111111111, and its platform 'Home/Platform' in 222222222222",
  ],
])('a platform in another %s is refused', (_, home, message) => {
  const { secret, platform } = apart(ENV, home);
  expect(() => deployAfterPlatform(secret, platform))
    .toThrow(`[Stack/Secret] ${message}; make a platform in each account and Region`);
});

test('a platform in another stage is refused', () => {
  const { secret } = apart();
  const platform = platformIn(new Stack(new Stage(new App(), 'Prod'), 'Home'));
  expect(() => deployAfterPlatform(secret, platform)).toThrow(
    "[Stack/Secret] the secret is in another stage than its platform 'Prod/Home/Platform'; make a platform in each stage",
  );
});

test.each([
  ['directly', 1],
  ['at some depth', 3],
])("a stack nested %s in the platform's is made after the platform", (_, depth) => {
  const app = new App();
  const home = new Stack(app, 'Home');
  const platform = platformIn(home);
  let inner: Stack = home;
  for (let level = 0; level < depth; level++) {
    inner = new NestedStack(inner, 'Nested');
  }
  new CfnResource(inner, 'Resource', { type: 'Test::Secret' });
  deployAfterPlatform(new Construct(inner, 'Secret'), platform);
  app.synth();
  const template = Template.fromStack(home);
  const [nested] = Object.values(template.findResources('AWS::CloudFormation::Stack'));
  expect(nested.DependsOn).toEqual(Object.keys(template.findResources('Test::Function')));
});

test('a stack nested in another than the platform\'s is deployed after that', () => {
  const { secret, platform } = apart();
  deployAfterPlatform(new Construct(new NestedStack(Stack.of(secret), 'Nested'), 'Secret'), platform);
  expect(Stack.of(secret).dependencies).toEqual([Stack.of(platform)]);
});

test('a secret in the stack around the platform\'s is made after that', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const secret = new Construct(stack, 'Secret');
  new CfnResource(secret, 'Resource', { type: 'Test::Secret' });
  deployAfterPlatform(secret, platformIn(new NestedStack(stack, 'Home')));
  app.synth();
  const template = Template.fromStack(stack);
  const [resource] = Object.values(template.findResources('Test::Secret'));
  expect(resource.DependsOn).toEqual(Object.keys(template.findResources('AWS::CloudFormation::Stack')));
});
