import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, PhysicalName, Stack } from 'aws-cdk-lib/core';
import {
  HardenedSecret, type HardenedSecretProps, SecretEncryption, SecretGrants, SecretReplica, SecretsPlatform,
} from '../../../src';
import { messageOf, only } from '../../support/scenario';

const HERE = { account: '111111111111', region: 'eu-west-1' };
const ROLE_ARN = `arn:aws:iam::${HERE.account}:role/reader`;
let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: HERE });
});

interface Statement {
  Sid?: string;
  Action: string | string[];
  Resource: unknown;
  Principal: unknown;
  Condition: Record<string, unknown>;
}
const role = (scope: Stack = stack, props = {}) =>
  new Role(scope, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), ...props });
const on = (statements: Statement[], action: string) =>
  statements.filter(({ Action, Sid }) => Sid === undefined && [Action].flat().includes(action));
const policyOf = (scope: Stack) =>
  only(Template.fromStack(scope), 'AWS::IAM::Policy').resource.Properties.PolicyDocument.Statement as Statement[];
const keyPolicyOf = (scope: Stack) =>
  only(Template.fromStack(scope), 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement as Statement[];
const secretPolicyOf = (scope: Stack) =>
  only(Template.fromStack(scope), 'AWS::SecretsManager::ResourcePolicy').resource.Properties.ResourcePolicy
    .Statement as Statement[];
const VIA = { 'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'] };

describe('a key that is given as an alias', () => {
  test('of the app is granted on by the ARN of the key', () => {
    const key = new Key(stack, 'Key');
    new HardenedSecret(stack, 'One', { encryption: SecretEncryption.key(key.addAlias('mine')) }).grants.read(role());
    expect(on(policyOf(stack), 'kms:Decrypt').map(({ Resource }) => Resource)).toEqual([stack.resolve(key.keyArn)]);
    expect(only(Template.fromStack(stack), 'AWS::SecretsManager::Secret').resource.Properties.KmsKeyId)
      .toEqual(stack.resolve(key.keyArn));
  });

  test('of elsewhere is granted on by the condition', () => {
    new HardenedSecret(stack, 'One', {
      encryption: SecretEncryption.key(Alias.fromAliasName(stack, 'Alias', 'alias/theirs')),
    }).grants.read(role());
    const [{ Resource, Condition }] = on(policyOf(stack), 'kms:Decrypt');
    expect(stack.resolve(Resource))
      .toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:111111111111:key/*']] });
    expect(Condition['ForAnyValue:StringEquals']).toEqual({ 'kms:ResourceAliases': ['alias/theirs'] });
    expect(only(Template.fromStack(stack), 'AWS::SecretsManager::Secret').resource.Properties.KmsKeyId).toBe('alias/theirs');
  });

  test('is that of an imported secret as well', () => {
    const encryptionKey = Alias.fromAliasName(stack, 'Alias', 'alias/theirs');
    SecretGrants.fromSecret(
      Secret.fromSecretAttributes(stack, 'Secret', {
        secretPartialArn: `arn:aws:secretsmanager:eu-west-1:${HERE.account}:secret:one`,
        encryptionKey,
      }),
    ).read(role());
    expect(on(policyOf(stack), 'kms:Decrypt')[0].Condition['ForAnyValue:StringEquals'])
      .toEqual({ 'kms:ResourceAliases': ['alias/theirs'] });
  });
});

describe('a role of the app in another account', () => {
  const replicated = (encryption?: SecretEncryption, props: HardenedSecretProps = {}) => {
    const made = new HardenedSecret(stack, 'One', {
      secretName: 'one', replicas: [SecretReplica.inRegion('eu-central-1', { encryption })], ...props,
    });
    return { secret: made.secret, grants: made.grants, replica: made.replica('eu-central-1') };
  };
  const stackOfReplica = () => app.node.children.find((each) => each.node.id.endsWith('-eu-central-1')) as Stack;
  const reader = () => role(new Stack(app, 'There', { env: { ...HERE, account: '222222222222' } }), { roleName: 'reader' });

  test('gets both, its own policy and those of secret and key', () => {
    const theirs = reader();
    new HardenedSecret(stack, 'One', { secretName: 'one' }).grants.read(theirs);
    const [own] = on(policyOf(Stack.of(theirs)), 'kms:Decrypt');
    expect(Stack.of(theirs).resolve(own.Resource))
      .toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':kms:eu-west-1:111111111111:key/*']] });
    expect(own.Condition).toEqual({
      'StringEquals': VIA,
      'StringLike': {
        'kms:EncryptionContext:SecretARN': {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:eu-west-1:111111111111:secret:one-??????']],
        },
      },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [expect.stringMatching(/^alias\//)] },
    });
    expect(on(secretPolicyOf(stack), 'secretsmanager:GetSecretValue')).toHaveLength(1);
    const [atKey] = on(keyPolicyOf(stack), 'kms:Decrypt');
    expect(JSON.stringify(atKey.Principal)).toContain(':iam::222222222222:role/reader');
    expect(atKey.Condition).toEqual({ StringEquals: VIA });
  });

  test('is refused a key that has no alias', () => {
    const { grants } = new HardenedSecret(stack, 'One', {
      secretName: 'one',
      encryption: SecretEncryption.key(new Key(stack, 'Mine')),
    });
    expect(messageOf(() => grants.read(reader()))).toMatch(
      new RegExp([
        /^\[Stack\/One\/Default\] '.*Reader.*' is of another account, whose policies cannot refer to the key 'Stack\/Mine'; /,
        /give the key an `alias`$/,
      ].map((part) => part.source).join('')),
    );
  });

  test.each<[string, () => IGrantable]>([
    ['the role', reader],
    ['a principal that the app does not know', () => new ArnPrincipal('arn:aws:iam::333333333333:role/partner')],
  ])('gets all of it at a replica, there alone, in the policy of the primary and of the key of the replica: %s', (_, grantee) => {
    const { secret, replica } = replicated();
    const principal = grantee();
    SecretGrants.fromSecret(replica).read(principal);
    const [atPrimary, ...others] = on(secretPolicyOf(stack), 'secretsmanager:GetSecretValue');
    expect([atPrimary.Condition, others]).toEqual([{ StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } }, []]);
    const atKey = on(keyPolicyOf(stackOfReplica()), 'kms:Decrypt');
    expect(atKey.map(({ Principal }) => Principal)).toEqual([atPrimary.Principal]);
    expect(atKey[0].Condition).toEqual({ StringEquals: { 'kms:ViaService': ['secretsmanager.eu-central-1.amazonaws.com'] } });
    expect(on(keyPolicyOf(stack), 'kms:Decrypt')).toEqual([]);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('otherAccount'));
    expect(warnings).toHaveLength(principal instanceof ArnPrincipal ? 1 : 0);
    expect(secret.env.region).toBe('eu-west-1');
  });

  test('limits what it reads at a replica to stages of the value', () => {
    replicated().replica.grantRead(reader(), ['AWSCURRENT']);
    expect(on(secretPolicyOf(stack), 'secretsmanager:GetSecretValue').map(({ Condition }) => Condition)).toEqual([{
      'StringEquals': { 'aws:RequestedRegion': 'eu-central-1' },
      'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': ['AWSCURRENT'] },
    }]);
  });

  test.each<[string, () => SecretEncryption, string]>([
    ['is the AWS managed one', () => SecretEncryption.awsManagedKey(), 'cannot use the AWS managed key that encrypts the secret; '
      + "encrypt the secret with a customer managed key: SecretReplica.inRegion('eu-central-1', { encryption: "
      + 'SecretEncryption.ownKey() })'],
    ['is imported', () => SecretEncryption.key(
      Key.fromKeyArn(stack, 'Theirs', `arn:aws:kms:eu-central-1:${HERE.account}:key/11111111-2222-3333-4444-555555555555`),
    ), 'would have no effect: the policy of an imported key cannot be changed; grant where the key is defined'],
    ['is an alias of elsewhere', () => SecretEncryption.key(
      Alias.fromAliasName(new Stack(app, 'Keys', { env: { ...HERE, region: 'eu-central-1' } }), 'Theirs', 'alias/theirs'),
    ), 'would have no effect: the policy of an imported key cannot be changed; grant where the key is defined'],
  ])('is refused at a replica whose key %s', (_, encryption, message) => {
    const { replica } = replicated(encryption());
    expect(messageOf(() => SecretGrants.fromSecret(replica).read(reader()))).toContain(message);
  });

  test('is deployed before the secret and the keys whose policies name it', () => {
    const home = new Stack(app, 'Platform', { env: HERE });
    const platform = new SecretsPlatform(home, 'Platform', { platformName: 'shared' });
    const theirs = reader();
    const { grants, replica } = replicated(undefined, { platform });
    grants.read(theirs);
    SecretGrants.fromSecret(replica).read(theirs);
    app.synth();
    expect(Stack.of(theirs).dependencies).toEqual([]);
    for (const each of [stack, home, app.node.findChild('shared-eu-central-1') as Stack]) {
      expect(each.dependencies).toContain(Stack.of(theirs));
    }
  });

  test('is deployed before a secret that has a name of its own in its own stack alone', () => {
    const theirs = reader();
    new HardenedSecret(stack, 'One', { secretName: PhysicalName.GENERATE_IF_NEEDED }).grants.read(theirs);
    app.synth();
    expect(stack.dependencies).toEqual([Stack.of(theirs)]);
  });
});

describe('a role that takes no policy updates', () => {
  test.each<[string, () => IGrantable]>([
    ['imported so', () => Role.fromRoleArn(stack, 'Imported', ROLE_ARN, { mutable: false })],
    ['made so', () => role().withoutPolicyUpdates()],
  ])('is refused, %s', (_, grantee) => {
    const { grants, secret } = new HardenedSecret(stack, 'One');
    const immutable = grantee();
    const message =
      new RegExp([
        /would have no effect: the role takes no policy updates; import the role as mutable, or give it the permission where it /,
        /is defined and leave the grant out$/,
      ].map((part) => part.source).join(''));
    expect(messageOf(() => grants.read(immutable))).toMatch(message);
    expect(messageOf(() => grants.rotate(immutable))).toMatch(message);
    expect(messageOf(() => secret.grantWrite(immutable))).toMatch(message);
  });

  test('is let in by the policies of secret and key where it asks for that', () => {
    const grantee = Role.fromRoleArn(stack, 'Imported', ROLE_ARN, { mutable: false, addGrantsToResources: true });
    new HardenedSecret(stack, 'One').grants.read(grantee);
    expect(on(secretPolicyOf(stack), 'secretsmanager:GetSecretValue').map(({ Principal }) => Principal))
      .toEqual([{ AWS: ROLE_ARN }]);
    expect(on(keyPolicyOf(stack), 'kms:Decrypt').map(({ Principal, Condition }) => [Principal, Condition]))
      .toEqual([[{ AWS: ROLE_ARN }, { StringEquals: VIA }]]);
  });
});

test('a role that another stack imports knows secret and key by name', () => {
  const other = new Stack(app, 'Other', { env: HERE });
  new HardenedSecret(stack, 'One', { secretName: 'one' }).grants.read(Role.fromRoleArn(other, 'Imported', ROLE_ARN));
  expect(Template.fromStack(stack).findOutputs('*')).toEqual({});
  expect(JSON.stringify(policyOf(other))).toContain(':secret:one-??????');
});

describe('stages of a value', () => {
  const CURRENT = { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': ['AWSCURRENT'] } };

  test('narrow the policy of the reader', () => {
    new HardenedSecret(stack, 'One').secret.grantRead(role(), ['AWSCURRENT']);
    expect(on(policyOf(stack), 'secretsmanager:GetSecretValue').map(({ Condition }) => Condition)).toEqual([CURRENT]);
  });

  test('narrow the policy of the secret', () => {
    new HardenedSecret(stack, 'One').secret.grantRead(new ArnPrincipal('arn:aws:iam::222222222222:role/reader'), ['AWSCURRENT']);
    expect(on(secretPolicyOf(stack), 'secretsmanager:GetSecretValue').map(({ Condition }) => Condition)).toEqual([CURRENT]);
  });
});

test('under the AWS managed key a reader of the account needs nothing more', () => {
  new HardenedSecret(stack, 'One', { encryption: SecretEncryption.awsManagedKey() }).grants.read(role());
  expect(policyOf(stack).map(({ Action }) => Action))
    .toEqual([['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']]);
});

test('a service uses the key through Secrets Manager only', () => {
  const conditions = { StringEquals: { 'aws:SourceAccount': '111111111111' } };
  new HardenedSecret(stack, 'One').grants.read(new ServicePrincipal('example.amazonaws.com', { conditions }));
  expect(on(keyPolicyOf(stack), 'kms:Decrypt').map(({ Principal, Condition }) => [Principal, Condition]))
    .toEqual([[{ Service: 'example.amazonaws.com' }, { StringEquals: { ...VIA, 'aws:SourceAccount': '111111111111' } }]]);
});

test.each<[string, (grants: SecretGrants, reader: Role) => void]>([
  ['writing', (grants, reader) => grants.write(reader)],
  ['starting rotations', (grants, reader) => grants.rotate(reader)],
])('a grant of %s is refused at a replica, where it would have no effect', (_, grant) => {
  const secret = new HardenedSecret(stack, 'One', { secretName: 'one', replicas: [SecretReplica.inRegion('eu-central-1')] });
  expect(messageOf(() => grant(SecretGrants.fromSecret(secret.replica('eu-central-1')), role())))
    .toBe('[Stack/One/Replica-eu-central-1] a replica is read-only: values and rotation come from the primary; use the primary '
      + 'secret');
});
