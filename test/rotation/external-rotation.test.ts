import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Fn, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  GuardRail,
  HardenedSecret,
  type HardenedSecretProps,
  ManagedExternalSecretType,
  Rotation,
  RotationTiming,
  SecretContent,
  SecretEncryption,
  SecretHardening,
  SecretMonitoring,
  SecretsPlatform,
} from '../../src';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const salesforce = ManagedExternalSecretType.salesforceClientSecret('v65.0');

function setup(props: HardenedSecretProps = {}) {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const secret = new HardenedSecret(stack, 'Partner', {
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
    rotation: Rotation.managedExternal(salesforce),
    ...props,
  });
  return { stack, secret, template: () => Template.fromStack(stack) };
}

function statements(template: Template): Record<string, any>[] {
  return only(template, 'AWS::IAM::Policy', 'PartnerRotationRole').resource.Properties.PolicyDocument.Statement;
}

test('the secret has the partner\'s type, and Secrets Manager rotates it without a function', () => {
  const { stack, secret, template } = setup();
  template().hasResourceProperties('AWS::SecretsManager::Secret', { Type: 'SalesforceClientSecret' });
  const schedule = only(template(), 'AWS::SecretsManager::RotationSchedule').resource;
  const role = only(template(), 'AWS::IAM::Role').id;
  expect(schedule.Properties).toEqual({
    SecretId: stack.resolve(secret.secretArn),
    RotationRules: { ScheduleExpression: 'rate(30 days)' },
    RotateImmediatelyOnUpdate: true,
    ExternalSecretRotationRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
    ExternalSecretRotationMetadata: [{ Key: 'apiVersion', Value: 'v65.0' }],
  });
  expect(schedule.DependsOn)
    .toEqual(expect.arrayContaining([role, only(template(), 'AWS::IAM::Policy', 'PartnerRotationRole').id]));
  template().resourceCountIs('AWS::Lambda::Function', 0);
  template().resourceCountIs('AWS::Lambda::Permission', 0);
  expect([secret.alarms, secret.rotationFunction]).toEqual([[], undefined]);
});

test('only Secrets Manager assumes the role, for this secret of this account', () => {
  const { stack, secret, template } = setup();
  expect(only(template(), 'AWS::IAM::Role').resource.Properties.AssumeRolePolicyDocument.Statement).toEqual([{
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'secretsmanager.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': '111111111111' },
      ArnLike: { 'aws:SourceArn': stack.resolve(secret.secretArn) },
    },
  }]);
});

test('boundary and tags of the role are those of the platform', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const permissionsBoundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  new HardenedSecret(stack, 'Partner', {
    platform: new SecretsPlatform(stack, 'Platform', { rotationFunctions: { permissionsBoundary, tags: { team: 'orders' } } }),
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
    rotation: Rotation.managedExternal(salesforce),
  });
  expect(only(Template.fromStack(stack), 'AWS::IAM::Role').resource.Properties).toMatchObject({
    PermissionsBoundary: stack.resolve(permissionsBoundary.managedPolicyArn), Tags: [{ Key: 'team', Value: 'orders' }],
  });
});

test('the role may rotate the secret as long as it is of the type, use its key through Secrets Manager, and nothing else', () => {
  const { stack, secret, template } = setup();
  const secretArn = stack.resolve(secret.secretArn);
  expect(statements(template())).toEqual([
    {
      Sid: 'Rotate',
      Effect: 'Allow',
      Action: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      Resource: secretArn,
      Condition: { StringEquals: { 'secretsmanager:resource/Type': 'SalesforceClientSecret' } },
    },
    { Sid: 'MakePasswords', Effect: 'Allow', Action: 'secretsmanager:GetRandomPassword', Resource: '*' },
    {
      Sid: 'UseKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: stack.resolve(secret.encryptionKey!.keyArn),
      Condition: {
        StringEquals: { 'kms:ViaService': ['secretsmanager.us-east-1.amazonaws.com'] },
        StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
      },
    },
  ]);
});

test('the key\'s policy lets whoever IAM lets use it through Secrets Manager', () => {
  const { template } = setup();
  const [, statement] = only(template(), 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement;
  expect(statement).toMatchObject({
    Sid: 'UseThroughSecretsManager',
    Condition: { StringEquals: { 'kms:ViaService': ['secretsmanager.us-east-1.amazonaws.com'] } },
  });
});

test('the AWS managed key needs no statement', () => {
  const { template } = setup({ encryption: SecretEncryption.awsManagedKey() });
  expect(statements(template()).map(({ Sid }) => Sid)).toEqual(['Rotate', 'MakePasswords']);
});

test('a key of the platform in another stack is known by its alias', () => {
  const app = testApp();
  const platform = new SecretsPlatform(new Stack(app, 'Shared', { env: ENV }), 'Platform', { platformName: 'team' });
  const stack = new Stack(app, 'Stack', { env: ENV });
  new HardenedSecret(stack, 'Partner', {
    platform,
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
    rotation: Rotation.managedExternal(salesforce),
  });
  const [, , key] = statements(Template.fromStack(stack));
  expect(JSON.stringify(key.Resource)).toContain(':kms:us-east-1:111111111111:key/*');
  expect(key.Condition['ForAnyValue:StringEquals']).toEqual({ 'kms:ResourceAliases': ['alias/team'] });
});

test('the administrator\'s secret is named to Secrets Manager, and the role may read it', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const key = new Key(stack, 'Key');
  const adminSecret = new Secret(stack, 'Administrator', { encryptionKey: key });
  new HardenedSecret(stack, 'Partner', {
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
    rotation: Rotation.managedExternal(ManagedExternalSecretType.datadogApiKey(adminSecret)),
  });
  const template = Template.fromStack(stack);
  const adminArn = stack.resolve(adminSecret.secretArn);
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    ExternalSecretRotationMetadata: [{ Key: 'adminSecretArn', Value: adminArn }],
  });
  const [, , , read, decrypt, ...others] = statements(template);
  expect(others).toEqual([]);
  expect(read).toMatchObject({ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Resource: adminArn });
  expect(decrypt).toMatchObject({ Action: 'kms:Decrypt', Resource: stack.resolve(key.keyArn) });
});

test('a topic is told, rails exempt the role, and timing is that of the schedule', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  new HardenedSecret(stack, 'Partner', {
    content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
    guardRails: [GuardRail.onlyReaders([new ArnPrincipal('arn:aws:iam::111111111111:role/reader')])],
    monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') }),
    rotation: Rotation.managedExternal(ManagedExternalSecretType.bigIdClientSecret(), {
      timing: RotationTiming.every(Duration.days(7)),
    }),
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', { EventPattern: Match.objectLike({ source: ['aws.secretsmanager'] }) });
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
    RotationRules: { ScheduleExpression: 'rate(7 days)' },
    ExternalSecretRotationMetadata: [],
  });
  const [{ Properties }] = Object.values(template.findResources('AWS::SecretsManager::ResourcePolicy'));
  expect(JSON.stringify(Properties.ResourcePolicy))
    .toContain(JSON.stringify({ 'Fn::GetAtt': [only(template, 'AWS::IAM::Role').id, 'Arn'] }));
});

test('a plain secret is made one of the partner\'s in place', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  SecretHardening.fromSecret(new Secret(stack, 'Partner')).addRotation(Rotation.managedExternal(salesforce));
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', { Type: 'SalesforceClientSecret' });
});

test('nothing else rotates the secret', () => {
  const { secret } = setup();
  expect(() => secret.addRotation(Rotation.managedExternal(salesforce)))
    .toThrow('[Stack/Partner] the secret has a rotation already');
});

test.each<[string, SecretContent | undefined]>([
  ['the default', undefined], ['a placeholder', SecretContent.placeholder()],
  ['a generated field', SecretContent.json({ hostname: 'x' }, 'refreshToken')],
])('generated content is no partner\'s: %s', (_, content) => {
  expect(() => setup({ content })).toThrow('[Stack/Partner] the content of the secret is generated, and credentials of the type '
    + "'SalesforceClientSecret' are the partner's; "
    + 'give the fields that the partner documents with SecretContent.fromSecretValue()');
});

test('an imported secret cannot be given a type', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  expect(() =>
    SecretHardening.fromSecret(Secret.fromSecretNameV2(stack, 'Partner', 'partner')).addRotation(
      Rotation.managedExternal(salesforce),
    ),
  ).toThrow(
    "[Stack/Partner] only a secret that is defined in the app can be given a partner's type; add the rotation where the secret "
      + 'is defined, to the secret itself',
  );
});

describe('credentials that expire before they are replaced', () => {
  const refusal = (type: ManagedExternalSecretType, timing?: RotationTiming) =>
    messageOf(() => setup({ rotation: Rotation.managedExternal(type, { timing }) }));
  const every = (days: number) => RotationTiming.every(Duration.days(days));
  const lifetime = Duration.days(30);

  test.each<[string, ManagedExternalSecretType, RotationTiming | undefined, number]>([
    ['Cisco', ManagedExternalSecretType.ciscoSecurityPlatformApiKey(), every(60), 59],
    ['Databricks, token', ManagedExternalSecretType.databricksPat(), every(90), 89],
    ['Databricks, token of a month', ManagedExternalSecretType.databricksPat({ lifetime }), undefined, 29],
    ['Databricks, service principal', ManagedExternalSecretType.databricksServicePrincipalSecret(), every(730), 729],
    ['GitLab', ManagedExternalSecretType.gitLabAccessToken({ lifetime }), RotationTiming.cron('0 2 1 * ? *'), 29],
    ['Netskope', ManagedExternalSecretType.netskopeApiToken(), every(351), 350],
    ['Snowflake', ManagedExternalSecretType.snowflakePat({ lifetime }), undefined, 29],
  ])('%s: the schedule is refused', (_, type, timing, maximum) => {
    expect(refusal(type, timing)).toMatch(new RegExp('^\\[Stack/Partner\\] there may be \\d+ days between two rotations, and '
      + `credentials of the type '${type._bind(new Stack(testApp(), 'Any')).type}' have to be replaced within ${maximum}; `
      + 'give the rotation a `timing` with a shorter interval'));
  });

  test.each<[string, ManagedExternalSecretType, RotationTiming | undefined]>([
    ['Cisco, as late as possible', ManagedExternalSecretType.ciscoSecurityPlatformApiKey(), every(59)],
    ['Netskope, as late as possible', ManagedExternalSecretType.netskopeApiToken(), every(350)],
    ['Databricks, as usual', ManagedExternalSecretType.databricksPat(), undefined],
    ['one whose lifetime is not known', ManagedExternalSecretType.gitLabAccessToken(), every(1000)],
    ['a time that is not known', ManagedExternalSecretType.netskopeApiToken(), RotationTiming.cron(Fn.ref('AWS::StackName'))],
  ])('%s: the schedule is accepted', (_, type, timing) => {
    expect(refusal(type, timing)).toBe('');
  });
});
