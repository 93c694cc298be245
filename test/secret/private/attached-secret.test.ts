import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret, SecretTargetAttachment } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, SecretContent } from '../../../src';
import { AttachedSecret } from '../../../src/secret/private/attached-secret';
import { isolatedVpc, only, personnelDatabase, testApp } from '../../support/scenario';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(testApp(), 'Stack');
});
const database = () => personnelDatabase(stack, isolatedVpc(stack));
const role = (id: string) => new Role(stack, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const policyOf = (id: string) =>
  only(Template.fromStack(stack), 'AWS::IAM::Policy', id).resource.Properties.PolicyDocument.Statement;

/** An admin secret of this library, as the database hands it on. */
function admin() {
  const secret = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
  return { secret, attached: personnelDatabase(stack, isolatedVpc(stack), secret.secret).secret! };
}

describe('grants of the attachment', () => {
  test.each<[string, (secret: ReturnType<typeof admin>, grantee: Role) => unknown, string, string[]]>([
    ['to read', ({ attached }, grantee) => attached.grantRead(grantee), 'secretsmanager:GetSecretValue', ['kms:Decrypt']],
    [
      'to write',
      ({ attached }, grantee) => attached.grantWrite(grantee),
      'secretsmanager:PutSecretValue',
      ['kms:Decrypt', 'kms:GenerateDataKey'],
    ],
    [
      'to read, at the HardenedSecret',
      ({ secret }, grantee) => secret.grants.read(grantee),
      'secretsmanager:GetSecretValue',
      ['kms:Decrypt'],
    ],
  ])('%s wait for the host and reach the key', (_, act, action, keyActions) => {
    const secrets = admin();
    act(secrets, role('Reader'));
    const [atSecret, atKey] = policyOf('Reader');
    expect(atSecret.Action).toContain(action);
    expect(atSecret.Resource).toEqual({ Ref: expect.stringMatching(/^AdminAttachment/) });
    expect([atKey.Action].flat()).toEqual(keyActions);
    expect(atKey.Condition.StringLike).toEqual({ 'kms:EncryptionContext:SecretARN': atSecret.Resource });
  });

  test('may be narrowed to stages of the value', () => {
    admin().attached.grantRead(role('Reader'), ['AWSCURRENT']);
    expect(policyOf('Reader')[0].Condition)
      .toEqual({ 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': ['AWSCURRENT'] } });
  });
});

test('statements of the attachment are in the one policy of the secret', () => {
  const { attached } = admin();
  attached.addToResourcePolicy(
    new PolicyStatement({ sid: 'Mine', principals: [new StarPrincipal()], actions: ['secretsmanager:DescribeSecret'] }),
  );
  attached.denyAccountRootDelete();
  const { Properties } = only(Template.fromStack(stack), 'AWS::SecretsManager::ResourcePolicy').resource;
  expect(Properties.ResourcePolicy.Statement).toMatchObject([
    { Sid: 'DenyInsecureTransport' }, { Sid: 'Mine' }, { Action: 'secretsmanager:DeleteSecret', Effect: 'Deny' },
  ]);
});

describe('owner and attachment', () => {
  test('are found from each other, whoever attached the secret', () => {
    const { secret, attached } = admin();
    const owner = attached.node.scope;
    const plain = new Secret(stack, 'Plain');
    const plainAttached = plain.attach(database2());
    expect(AttachedSecret.ownerOf(attached)).toBe(owner);
    expect(AttachedSecret.ownerOf(plainAttached)).toBe(plain);
    expect(AttachedSecret.consumableOf(plain)).toBe(plainAttached);
    expect(AttachedSecret.consumableOf(AttachedSecret.ownerOf(attached))).toBe(secret.secret);
  });

  test('are the secret itself where nothing says more', () => {
    const plain = new Secret(stack, 'Plain');
    const elsewhere = new SecretTargetAttachment(stack, 'Elsewhere', { secret: plain, target: database() });
    expect([AttachedSecret.ownerOf(plain), AttachedSecret.consumableOf(plain)]).toEqual([plain, plain]);
    expect(AttachedSecret.ownerOf(elsewhere)).toBe(elsewhere);
  });
});

/** A database in a stack of its own, where the other is in use already. */
function database2() {
  const other = new Stack(testApp(), 'Other');
  return personnelDatabase(other, isolatedVpc(other));
}
