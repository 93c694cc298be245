import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, PhysicalName, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  SecretContent,
  SecretEncryption,
  SecretGrants,
  SecretReplica,
  SecretsPlatform,
} from '../../src';
import { isolatedVpc, personnelDatabase } from '../support/scenario';

const environment = { account: '111111111111', region: 'eu-west-1' };
const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/1234';
const stranger = new ArnPrincipal('arn:aws:iam::222222222222:role/reader');
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: environment });
});

const role = (scope: Stack = stack, id = 'Reader') =>
  new Role(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const statements = (template: Template, type = 'AWS::IAM::Policy') => Object.values(template.findResources(type))
  .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[]);
const decrypts = (template: Template) =>
  statements(template).filter(({ Action }) => [Action].flat().includes('kms:Decrypt')).length;

test('are alike at the secret and at its grants', () => {
  const one = new HardenedSecret(stack, 'One');
  one.grants.read(role(stack, 'A'));
  one.secret.grantRead(role(stack, 'B'));
  one.grants.write(role(stack, 'C'));
  one.secret.grantWrite(role(stack, 'D'));
  const documents = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => JSON.stringify(Properties.PolicyDocument));
  expect(documents[0]).toBe(documents[1]);
  expect(documents[2]).toBe(documents[3]);
  expect(documents[2]).not.toContain('GetSecretValue');
});

test('to write put values and move labels, and change no setting', () => {
  new HardenedSecret(stack, 'One').grants.write(role());
  const template = Template.fromStack(stack);
  expect(statements(template).flatMap(({ Action }) => Action)).toEqual([
    'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage', 'kms:Decrypt', 'kms:GenerateDataKey',
  ]);
});

describe('to start a rotation', () => {
  const invocations = (template: Template) => statements(template).filter(({ Action }) => Action === 'lambda:InvokeFunction');

  test.each(['before', 'after'])('include the call of the function, given %s the rotation', (when) => {
    const one = new HardenedSecret(stack, 'One');
    if (when === 'before') {
      one.grants.rotate(role());
    }
    one.addRotation(Rotation.regenerate());
    if (when === 'after') {
      one.grants.rotate(role());
    }
    const template = Template.fromStack(stack);
    expect(statements(template).map(({ Action }) => Action))
      .toEqual(expect.arrayContaining(['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret']));
    expect(JSON.stringify(invocations(template))).toContain(':lambda:eu-west-1:111111111111:function:');
  });

  test('start it as it is set up: with no other function, and by no other schedule', () => {
    new HardenedSecret(stack, 'One', { rotation: Rotation.regenerate() }).grants.rotate(role());
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectEquals({
          Action: 'secretsmanager:RotateSecret',
          Condition: {
            Null: { 'secretsmanager:RotationLambdaARN': 'true', 'secretsmanager:ExternalSecretRotationRoleArn': 'true' },
            BoolIfExists: { 'secretsmanager:ModifyRotationRules': 'false' },
          },
          Effect: 'Allow',
          Resource: { Ref: Match.anyValue() },
        })]),
      },
    });
  });

  test('name a function of the user\'s own', () => {
    const rotationFunction = LambdaFunction.fromFunctionArn(stack, 'Own', 'arn:aws:lambda:eu-west-1:111111111111:function:own');
    const rotation = new (class extends Rotation {
      bind() {
        return { rotationFunction };
      }
    })();
    new HardenedSecret(stack, 'One', { rotation }).grants.rotate(role());
    expect(invocations(Template.fromStack(stack)).map(({ Resource }) => Resource)).toEqual([rotationFunction.functionArn]);
  });

  test('export nothing', () => {
    const other = new Stack(stack.node.root as App, 'Other', { env: environment });
    new HardenedSecret(stack, 'One', { secretName: 'one', rotation: Rotation.regenerate() }).grants.rotate(role(other));
    expect(Template.fromStack(stack).findOutputs('*')).toEqual({});
    expect(invocations(Template.fromStack(other))).toHaveLength(1);
  });

  test('are refused to a principal that could not invoke the function', () => {
    const { grants } = new HardenedSecret(stack, 'One', { rotation: Rotation.regenerate() });
    expect(() => grants.rotate(stranger)).toThrow('[Stack/One/Default] a grant to rotate to');
  });
});

test('leave the key policy as it is, however many readers there are', () => {
  const policyFor = (readers: number) => {
    const scope = new Stack(new App(), 'Stack', { env: environment });
    const { grants } = new HardenedSecret(scope, 'One');
    Array.from({ length: readers }, (_, n) => grants.read(role(scope, `Reader${n}`)));
    return Object.values(Template.fromStack(scope).findResources('AWS::KMS::Key'))[0].Properties.KeyPolicy;
  };
  expect(policyFor(50)).toEqual(policyFor(1));
});

test('to another stack go by name and alias, and export nothing', () => {
  const other = new Stack(stack.node.root as App, 'Other', { env: environment });
  new HardenedSecret(stack, 'One', { secretName: 'one' }).grants.read(role(other));
  expect(Template.fromStack(stack).findOutputs('*')).toEqual({});
  const [{ Properties }] = Object.values(Template.fromStack(other).findResources('AWS::IAM::Policy'));
  expect(JSON.stringify(Properties)).toContain(':secret:one-??????');
  expect(JSON.stringify(Properties)).toContain('"kms:ResourceAliases":["alias/');
});

test.each([
  ['region', { ...environment, region: 'us-east-1' }],
  ['account', { ...environment, account: '222222222222' }],
])('to another %s name a secret by what all its ARNs begin with, whoever has made it', (_, env) => {
  const other = new Stack(stack.node.root as App, 'Other', { env });
  const reader = new Role(other, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), roleName: 'reader' });
  const generated = PhysicalName.GENERATE_IF_NEEDED;
  const secrets = [
    new Secret(stack, 'Named', { secretName: 'one', encryptionKey: new Key(stack, 'Key', { alias: 'one' }) }),
    new Secret(stack, 'Generated', { secretName: generated, encryptionKey: new Key(stack, 'OtherKey', { alias: 'other' }) }),
    new HardenedSecret(stack, 'Hardened', { secretName: generated }).secret,
  ];
  secrets.forEach((secret) => SecretGrants.fromSecret(secret).read(reader));
  const names = statements(Template.fromStack(other)).filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => [Resource].flat().map((arn) => /:secret:.*/.exec(JSON.stringify(arn))![0]));
  expect(names).toEqual([
    expect.stringMatching(/^:secret:one-\?{6}"/), ...Array(2).fill(expect.stringMatching(/^:secret:[a-z0-9]+-\?{6}"/)),
  ]);
});

test('to another account go to the policies of secret and key', () => {
  new HardenedSecret(stack, 'One').grants.read(stranger);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
    ResourcePolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Effect: 'Allow' }),
      ]),
    },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Effect: 'Allow' })]) },
  });
});

test.each([
  ['with the AWS managed key', SecretEncryption.awsManagedKey(), 'SecretEncryption.ownKey()'],
  ['with an imported key', 'imported', 'the policy of an imported key cannot be changed'],
])('to another account are refused %s', (_, encryption, message) => {
  const chosen = typeof encryption === 'string'
    ? SecretEncryption.key(Key.fromKeyArn(stack, 'Imported', KEY_ARN)) : encryption;
  const { grants } = new HardenedSecret(stack, 'One', { encryption: chosen });
  expect(() => grants.read(stranger)).toThrow(message);
});

test('to a function whose role is not known are refused', () => {
  const imported = LambdaFunction.fromFunctionArn(stack, 'Function', 'arn:aws:lambda:eu-west-1:111111111111:function:reader');
  expect(() => new HardenedSecret(stack, 'One').grants.read(imported)).toThrow('the resource\'s role is not known');
});

test('on an imported secret reach its key, and are refused where they would have no effect', () => {
  const encryptionKey = Key.fromKeyArn(stack, 'Imported', KEY_ARN);
  const secret = Secret.fromSecretAttributes(stack, 'Secret', {
    secretPartialArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:one',
    encryptionKey,
  });
  SecretGrants.fromSecret(secret).read(role());
  expect(decrypts(Template.fromStack(stack))).toBe(1);
  expect(() => SecretGrants.fromSecret(secret).read(new ServicePrincipal('ec2.amazonaws.com'))).toThrow('would have no effect');
});

test('on an imported secret do not open the key where the secret stays closed', () => {
  const encryptionKey = new Key(stack, 'Key');
  const secret = Secret.fromSecretAttributes(stack, 'Secret', {
    secretPartialArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:one',
    encryptionKey,
  });
  const before = stack.resolve((encryptionKey.node.defaultChild as CfnKey).keyPolicy);
  expect(() => SecretGrants.fromSecret(secret).read(stranger))
    .toThrow('the resource policy of an imported secret cannot be changed');
  expect(stack.resolve((encryptionKey.node.defaultChild as CfnKey).keyPolicy)).toEqual(before);
});

test('on a replica are those of its Region', () => {
  const one = new HardenedSecret(stack, 'One', { secretName: 'one', replicas: [SecretReplica.inRegion('eu-central-1')] });
  const reader = new Stack(stack.node.root as App, 'Reader', { env: { ...environment, region: 'eu-central-1' } });
  SecretGrants.fromSecret(one.replica('eu-central-1')).read(role(reader));
  expect(JSON.stringify(statements(Template.fromStack(reader))))
    .toContain(':secretsmanager:eu-central-1:111111111111:secret:one-??????');
  expect(decrypts(Template.fromStack(reader))).toBe(1);
});

test('on a secret that is attached to a database wait for the host', () => {
  const personnel = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
  const { secret } = new HardenedSecret(stack, 'One', {
    platform: new SecretsPlatform(stack, 'Secrets'),
    content: SecretContent.databaseCredentials({ username: 'app', database: personnel }),
    rotation: Rotation.alternatingUsers(),
  });
  secret.grantWrite(role());
  const [write] = statements(Template.fromStack(stack))
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:PutSecretValue'));
  expect(write.Resource).toEqual({ Ref: expect.stringContaining('Attachment') });
});
