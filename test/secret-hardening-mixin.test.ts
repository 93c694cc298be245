import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnResourcePolicy, CfnSecret, ResourcePolicy, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import {
  GuardRail, HardenedSecret, Rotation, SecretHardening, SecretHardeningMixin, type SecretHardeningMixinOptions,
} from '../src';
import { messageOf, only, testApp } from './support/scenario';

const stackOf = () => new Stack(testApp(), 'Stack');
const POLICY = 'AWS::SecretsManager::ResourcePolicy';
const READERS = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Readers', Effect: 'Allow', Principal: { AWS: '*' }, Action: 'secretsmanager:GetSecretValue', Resource: '*' },
  ],
};
const policyFor = (stack: Stack, resourcePolicy: unknown) => {
  const secret = new CfnSecret(stack, 'Token', { generateSecretString: {} });
  return new CfnResourcePolicy(stack, 'TokenPolicy', { secretId: secret.ref, resourcePolicy });
};
const sidsIn = (stack: Stack): string[] => {
  const { Statement: statements } = only(Template.fromStack(stack), POLICY).resource.Properties.ResourcePolicy;
  return (statements as { Sid: string }[]).map(({ Sid }) => Sid);
};

test('what would change is said of each secret', () => {
  const stack = stackOf();
  new Secret(stack, 'Plain');
  policyFor(stack, READERS);
  const half = new Secret(stack, 'Half');
  SecretHardening.fromSecret(half).addGuardRails([GuardRail.tlsOnly()]);
  (half.node.findChild('Policy').node.defaultChild as CfnResourcePolicy).blockPublicPolicy = false;
  const whole = new Secret(stack, 'Whole');
  SecretHardening.fromSecret(whole).addGuardRails([GuardRail.tlsOnly()]);
  expect(new SecretHardeningMixin().preview(stack.node.root)).toEqual([
    {
      path: 'Stack/Plain/Resource',
      change: 'a new resource policy with DenyInsecureTransport that blocks public policies',
    },
    {
      path: 'Stack/Token',
      change: 'the resource policy \'Stack/TokenPolicy\' gets DenyInsecureTransport and blocks public policies',
    },
    { path: 'Stack/Half/Resource', change: 'the resource policy \'Stack/Half/Policy/Resource\' blocks public policies' },
  ]);
});

test('other guard rails', () => {
  const stack = stackOf();
  SecretHardening.fromSecret(new Secret(stack, 'Token')).addGuardRails([GuardRail.tlsOnly()]);
  const guardRails = [GuardRail.tlsOnly(), GuardRail.organization('o-a1b2c3d4e5')];
  expect(new SecretHardeningMixin({ guardRails }).preview(stack)).toEqual([
    { path: 'Stack/Token/Resource', change: 'the resource policy \'Stack/Token/Policy/Resource\' gets DenyOutsideOrganization' },
  ]);
  new SecretHardeningMixin({ guardRails }).applyToAll(stack);
  expect(sidsIn(stack)).toEqual(['DenyInsecureTransport', 'DenyOutsideOrganization']);
});

test('without guard rails no policy is made, and those that exist block public ones', () => {
  const stack = stackOf();
  new Secret(stack, 'Plain');
  policyFor(stack, READERS);
  new SecretHardeningMixin({ guardRails: [] }).applyToAll(stack);
  const { resource } = only(Template.fromStack(stack), POLICY);
  expect(resource.Properties).toMatchObject({ BlockPublicPolicy: true, ResourcePolicy: READERS });
});

test.each<[string, SecretHardeningMixinOptions, string]>([
  ['vpcEndpoints', { guardRails: [GuardRail.vpcEndpoints([])] }, 'GuardRail.vpcEndpoints()'],
  ['onlyReaders', { guardRails: [GuardRail.tlsOnly(), GuardRail.onlyReaders([])] }, 'GuardRail.onlyReaders()'],
])('%s has to know who reads and rotates a secret, and is refused', (_, options, got) => {
  expect(messageOf(() => new SecretHardeningMixin(options))).toBe(`[SecretHardeningMixin] \`guardRails\` is "${got}", allowed: `
    + 'GuardRail.tlsOnly(), GuardRail.organization(); it has to know who reads and who rotates the secret: use '
    + 'SecretHardening.fromSecret(secret).addGuardRails()');
});

test('an entry that is missing is named', () => {
  const guardRails = [undefined as unknown as GuardRail];
  expect(messageOf(() => new SecretHardeningMixin({ guardRails }))).toContain(
    '[SecretHardeningMixin] `guardRails[0]` is not given');
});

test('a HardenedSecret keeps what it has, and so do constructs that are no secrets', () => {
  const stack = stackOf();
  const { cfnSecret } = new HardenedSecret(stack, 'Creds', { guardRails: [], rotation: Rotation.none('test') });
  const mixin = new SecretHardeningMixin();
  expect([cfnSecret, stack, Secret.fromSecretNameV2(stack, 'Imported', 'x') as unknown as Construct].map((each) =>
    mixin.supports(each))).toEqual([false, false, false]);
  mixin.applyToAll(stack);
  Template.fromStack(stack).resourceCountIs(POLICY, 0);
});

test('a secret that is hardened twice, by one or by several, has the rail once', () => {
  const stack = stackOf();
  const token = new Secret(stack, 'Token');
  const mixin = new SecretHardeningMixin();
  mixin.applyToAll(stack);
  mixin.applyToAll(stack.node.root);
  new SecretHardeningMixin().applyToAll(stack);
  SecretHardening.fromSecret(token).addRotation(Rotation.none('test'));
  expect(sidsIn(stack)).toEqual(['DenyInsecureTransport']);
});

describe('a policy that exists', () => {
  test.each<[string, unknown]>([
    ['of several statements', READERS],
    ['of one statement', { ...READERS, Statement: READERS.Statement[0] }],
  ])('%s keeps them', (_, document) => {
    const stack = stackOf();
    policyFor(stack, document);
    new SecretHardeningMixin().applyToAll(stack);
    expect(sidsIn(stack)).toEqual(['Readers', 'DenyInsecureTransport']);
  });

  test('is found by the name of its secret', () => {
    const stack = stackOf();
    new CfnSecret(stack, 'Token', { name: 'team/token' });
    new CfnResourcePolicy(stack, 'TokenPolicy', { secretId: 'team/token', resourcePolicy: READERS });
    new SecretHardeningMixin().applyToAll(stack);
    expect(sidsIn(stack)).toEqual(['Readers', 'DenyInsecureTransport']);
  });

  test('without a statement gets its first', () => {
    const stack = stackOf();
    new ResourcePolicy(stack, 'Empty', { secret: new Secret(stack, 'Token') });
    new SecretHardeningMixin().applyToAll(stack);
    expect(sidsIn(stack)).toEqual(['DenyInsecureTransport']);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ['is a token', (stack) => policyFor(stack, Lazy.any({ produce: () => READERS }))],
    ['has statements that are a token', (stack) => policyFor(stack, { Statement: Lazy.any({ produce: () => [] }) })],
    ['is an override', (stack) => policyFor(stack, READERS).addPropertyOverride('ResourcePolicy', { ...READERS })],
  ])('and %s is left as it is, with a warning', (_, make) => {
    const [before, after] = [stackOf(), stackOf()];
    [before, after].forEach(make);
    const words = 'nothing, for only the deployment knows what the resource policy \'Stack/TokenPolicy\' says';
    expect(new SecretHardeningMixin().preview(after)).toEqual([{ path: 'Stack/Token', change: words }]);
    new SecretHardeningMixin().applyToAll(after);
    expect(Template.fromStack(after).toJSON()).toEqual(Template.fromStack(before).toJSON());
    Annotations.fromStack(after).hasWarning('/Stack/Token', Match.stringLikeRegexp('nothing, for only the deployment knows .* '
      + 'add the guard rails to it, or acknowledge the warning'));
  });
});

test.each<[string, (secret: Secret) => string]>([
  ['reference', ({ secretArn }) => secretArn],
  ['name', () => 'team/token'],
])('a second policy by the %s of its secret, made after the app was hardened, is an error', (_, secretId) => {
  const stack = stackOf();
  const secret = new Secret(stack, 'Token', { secretName: 'team/token' });
  new SecretHardeningMixin().applyToAll(stack);
  new CfnResourcePolicy(stack, 'Late', { secretId: secretId(secret), resourcePolicy: READERS });
  expect(messageOf(() => Template.fromStack(stack))).toContain('[Stack/Token/Resource] the secret has another resource policy at '
    + '\'Stack/Late\', and Secrets Manager keeps one for each secret');
});

test('a construct of another kind has the place of the policy', () => {
  const stack = stackOf();
  new Construct(new Secret(stack, 'Token'), 'Policy');
  new SecretHardeningMixin().applyToAll(stack);
  expect(sidsIn(stack)).toEqual(['DenyInsecureTransport']);
});
