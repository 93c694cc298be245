import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { anyKeyArn, viaSecretsManager } from '../../../src/core/arn';
import { RotationFunction } from '../../../src/rotation-function/private/rotation-function';
import { SecretRecord } from '../../../src/secret/private/secret-record';
import { isolatedVpc, only, testApp } from '../../support/scenario';

function setup(environment: Record<string, string> = {}, superuser?: (stack: Stack) => ISecret) {
  const stack = new Stack(testApp(), 'Stack');
  const given = superuser?.(stack);
  const made = new RotationFunction(stack, 'Rotator', {
    functionName: 'team-values',
    description: 'Makes values',
    handler: 'regenerate',
    environment,
    settings: {},
    platform: stack,
    superuser: given,
  });
  return { stack, made, given, template: () => Template.fromStack(stack) };
}

const password = { length: 32, excludeCharacters: '' };

test('its policy lets it act on secrets whose configured function it is, of its account and Region, and on nothing else', () => {
  const { stack, template } = setup();
  const [{ Properties }] = Object.values(template().findResources('AWS::IAM::ManagedPolicy'));
  const [rotate, logs, ...others] = Properties.PolicyDocument.Statement;
  expect(others).toEqual([]);
  expect(rotate).toEqual({
    Sid: 'RotateSecretsOfThisFunction',
    Effect: 'Allow',
    Action: [
      'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    Resource: expect.anything(),
    Condition: {
      StringEquals: {
        'secretsmanager:resource/AllowRotationLambdaArn': stack.resolve(
          `arn:${stack.partition}:lambda:${stack.region}:${stack.account}:function:team-values`,
        ),
      },
    },
  });
  expect(JSON.stringify(rotate.Resource)).toContain(':secret:');
  expect(logs.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
});

test('its runtime, time, memory and logs are set', () => {
  const { template } = setup();
  template().hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Timeout: 120,
    MemorySize: 256,
    Handler: 'index.handler',
  });
  template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate', Properties: { RetentionInDays: 365 } });
});

test('where it is in a VPC, Lambda may make its network interfaces and the function itself may not', () => {
  const stack = new Stack(testApp(), 'Stack');
  const vpc = isolatedVpc(stack);
  const network = {
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets },
    securityGroup: new SecurityGroup(stack, 'Group', { vpc }),
    dependencies: [],
  };
  new RotationFunction(stack, 'Rotator', {
    functionName: 'team-values',
    description: 'Makes values',
    handler: 'regenerate',
    environment: {},
    settings: {},
    platform: stack,
    network,
  });
  const { resource } = only(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy');
  const [allowed, denied] = resource.Properties.PolicyDocument.Statement.slice(-2);
  const actions = [
    'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
    'ec2:UnassignPrivateIpAddresses',
  ];
  expect(allowed).toEqual({ Sid: 'AttachToNetwork', Effect: 'Allow', Action: actions, Resource: '*' });
  const itself = stack.resolve(`arn:${stack.partition}:lambda:${stack.region}:${stack.account}:function:team-values`);
  expect(denied).toEqual({
    Sid: 'LeaveNetworkToLambda',
    Effect: 'Deny',
    Action: actions,
    Resource: '*',
    Condition: { ArnEquals: { 'lambda:SourceFunctionArn': itself } },
  });
});

test('a key of the user encrypts its logs and its environment', () => {
  const stack = new Stack(testApp(), 'Stack');
  const encryptionKey = new Key(stack, 'Key');
  new RotationFunction(stack, 'Rotator', {
    functionName: 'team-values',
    description: 'Makes values',
    handler: 'regenerate',
    environment: {},
    settings: { encryptionKey },
    platform: stack,
  });
  const template = Template.fromStack(stack);
  const keyArn = stack.resolve(encryptionKey.keyArn);
  template.hasResourceProperties('AWS::Lambda::Function', { KmsKeyArn: keyArn });
  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: keyArn });
  const principals = only(template, 'AWS::KMS::Key').resource.Properties.KeyPolicy.Statement.map(
    ({ Principal }: { Principal: unknown }) => JSON.stringify(Principal),
  );
  expect(principals.filter((principal: string) => principal.includes('"logs."'))).toHaveLength(1);
});

test('without one nothing is said about encryption', () => {
  const { template } = setup();
  expect(only(template(), 'AWS::Lambda::Function').resource.Properties).not.toHaveProperty('KmsKeyArn');
  expect(only(template(), 'AWS::Logs::LogGroup').resource.Properties).toEqual({ RetentionInDays: 365 });
});

test('it is found again by the function, and by the superuser it signs in with', () => {
  const { made, given } = setup({}, (stack) => new Secret(stack, 'Superuser'));
  expect(RotationFunction.of(made.rotationFunction)).toBe(made);
  expect(RotationFunction.readersOf(given!)).toEqual([made]);
  expect(RotationFunction.readersOf(new Secret(made, 'Other'))).toEqual([]);
});

test('it has room as long as what it is told fits into its environment', () => {
  const { stack, made, template } = setup();
  const secret = new Secret(stack, 'Token');
  const binding = { secret: secret.secretArn, password };
  let count = 0;
  while (made.hasRoomFor({ secret, binding })) {
    made.bind(binding);
    count += 1;
  }
  expect(count).toBeGreaterThan(10);
  const [{ Properties }] = Object.values(template().findResources('AWS::Lambda::Function'));
  const name = 'Token4B0D5A3D-aaaaaaaaaaaa-bbbbbb';
  const bindings = Properties.Environment.Variables.ROTATION_BINDINGS['Fn::Join'][1]
    .map((part: any) => (typeof part === 'string' ? part : 'Ref' in part ? 'us-gov-west-1' : name))
    .join('');
  const length = Buffer.byteLength(JSON.stringify({ ...Properties.Environment.Variables, ROTATION_BINDINGS: bindings }));
  expect(length).toBeLessThan(4096);
  expect(length).toBeGreaterThan(3400);
});

test('a key that is known by its ARN only is used under it, once for all secrets', () => {
  const { stack, made, template } = setup();
  const kmsKeyId = 'arn:aws:kms:us-east-1:111111111111:key/1';
  for (const id of ['A', 'B']) {
    made.use(new SecretRecord({ scope: stack, secret: new Secret(stack, id), key: { kmsKeyId } }), 24);
  }
  const [[, policy]] = Object.entries(template().findResources('AWS::IAM::ManagedPolicy'))
    .filter(([id]) => !id.includes('Audit'));
  expect(policy.Properties.PolicyDocument.Statement.filter(({ Resource }: { Resource: unknown }) => Resource === kmsKeyId))
    .toHaveLength(1);
});

test.each<[string, (stack: Stack) => ISecret, string]>([
  ['name', (stack) => Secret.fromSecretNameV2(stack, 'Imported', 'admin'), ':secret:admin-??????'],
  [
    'partial ARN',
    (stack) => Secret.fromSecretPartialArn(stack, 'Imported', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:admin'),
    ':secret:admin-??????',
  ],
  [
    'ARN',
    (stack) =>
      Secret.fromSecretCompleteArn(stack, 'Imported', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:admin-abcdef'),
    ':secret:admin-abcdef',
  ],
])('it may read a superuser that is imported by its %s', (_, superuser, arn) => {
  const { template } = setup({}, superuser);
  const { Properties } = only(template(), 'AWS::IAM::ManagedPolicy').resource;
  const { Resource } = Properties.PolicyDocument.Statement.find(({ Sid }: { Sid: string }) => Sid === 'ReadSuperuser');
  expect(JSON.stringify(Resource)).toContain(`${arn}"`);
});

test('it waits for its policy, for Lambda acts as the role from the beginning', () => {
  const { template } = setup();
  const [policy] = Object.keys(template().findResources('AWS::IAM::ManagedPolicy'));
  expect(only(template(), 'AWS::Lambda::Function').resource.DependsOn).toContain(policy);
});

describe('the key of its superuser', () => {
  const decrypt = (template: Template) => only(template, 'AWS::IAM::ManagedPolicy').resource.Properties.PolicyDocument.Statement
    .filter(({ Sid }: { Sid: string }) => Sid === 'DecryptSuperuser');

  test('is used through Secrets Manager only', () => {
    const { stack, given, template } = setup(
      {},
      (scope) => new Secret(scope, 'Superuser', { encryptionKey: new Key(scope, 'Key') }),
    );
    expect(decrypt(template())).toEqual([{
      Sid: 'DecryptSuperuser',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: stack.resolve(given!.encryptionKey!.keyArn),
      Condition: { StringEquals: { 'kms:ViaService': stack.resolve(viaSecretsManager(stack)) } },
    }]);
  });

  test('is known by its alias where that is all there is', () => {
    const { stack, template } = setup(
      {},
      (scope) => new Secret(scope, 'Superuser', { encryptionKey: Alias.fromAliasName(scope, 'Alias', 'alias/theirs') }),
    );
    const [{ Resource, Condition }] = decrypt(template());
    expect(Resource).toEqual(stack.resolve(anyKeyArn(stack)));
    expect(Condition['ForAnyValue:StringEquals']).toEqual({ 'kms:ResourceAliases': ['alias/theirs'] });
  });
});
