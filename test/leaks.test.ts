import { Match, Template } from 'aws-cdk-lib/assertions';
import { LinuxBuildImage, Project, BuildSpec } from 'aws-cdk-lib/aws-codebuild';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, FargateTaskDefinition, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { AccountPrincipal, ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretContent, SecretEncryption, SecretGrants } from '../src';

const environment = { account: '111111111111', region: 'eu-west-1' };
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: environment });
});

const role = (scope: Stack = stack, id = 'Reader') => new Role(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const decrypts = (template: Template) => Object.values(template.findResources('AWS::IAM::Policy'))
  .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
  .filter(({ Action }) => [Action].flat().includes('kms:Decrypt')).length;

describe('permissions that other constructs hand on', () => {
  test('a database\'s secret keeps decryption', () => {
    const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
    const database = new DatabaseInstance(stack, 'Database', {
      vpc: new Vpc(stack, 'Vpc'),
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
      credentials: Credentials.fromSecret(admin.secret, 'postgres'),
    });
    database.secret!.grantRead(role());
    database.secret!.addToResourcePolicy(new PolicyStatement({ principals: [new AccountPrincipal('222222222222')], actions: ['secretsmanager:DescribeSecret'], resources: ['*'] }));
    database.secret!.denyAccountRootDelete();
    const template = Template.fromStack(stack);
    expect(decrypts(template)).toBe(1);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
    expect(admin.secret).toBe(database.secret);
  });

  test('a container\'s secret keeps decryption', () => {
    const { secret } = new HardenedSecret(stack, 'Token');
    new FargateTaskDefinition(stack, 'Task').addContainer('Main', {
      image: ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox'), secrets: { TOKEN: ContainerSecret.fromSecretsManager(secret) },
    });
    expect(decrypts(Template.fromStack(stack))).toBe(1);
  });

  test('a build image\'s credentials keep decryption', () => {
    const { secret } = new HardenedSecret(stack, 'Registry');
    new Project(stack, 'Build', {
      buildSpec: BuildSpec.fromObject({ version: '0.2' }),
      environment: { buildImage: LinuxBuildImage.fromDockerRegistry('example', { secretsManagerCredentials: secret }) },
    });
    expect(decrypts(Template.fromStack(stack))).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['a rotation of the database construct', (database: DatabaseInstance) => database.addRotationSingleUser(), 'addRotation() of the HardenedSecret'],
    ['a second attachment', (database: DatabaseInstance) => database.secret!.attach(database), 'attached to a database already'],
  ])('refuses %s', (_, act, message) => {
    const admin = new HardenedSecret(stack, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
    const database = new DatabaseInstance(stack, 'Database', {
      vpc: new Vpc(stack, 'Vpc'),
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
      credentials: Credentials.fromSecret(admin.secret, 'postgres'),
    });
    expect(() => act(database)).toThrow(message);
  });

  test('refuses a replica without a key of its own', () => {
    const secret = new HardenedSecret(stack, 'Token').secret as Secret;
    expect(() => secret.addReplicaRegion('us-east-1')).toThrow('use `replicas` of the HardenedSecret');
  });
});

describe('grants', () => {
  test('are alike at the secret and at its grants', () => {
    const one = new HardenedSecret(stack, 'One');
    one.grants.read(role(stack, 'A'));
    one.secret.grantRead(role(stack, 'B'));
    one.grants.write(role(stack, 'C'));
    one.secret.grantWrite(role(stack, 'D'));
    const documents = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => JSON.stringify(Properties.PolicyDocument));
    expect(documents[0]).toBe(documents[1]);
    expect(documents[2]).toBe(documents[3]);
    expect(documents[2]).not.toContain('GetSecretValue');
  });

  test('to start a rotation include the call of its function', () => {
    new HardenedSecret(stack, 'One', { rotation: Rotation.regenerate() }).grants.rotate(role());
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'] }), Match.objectLike({ Action: 'lambda:InvokeFunction' }),
        ]),
      },
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

  test('to another account go to the policies of secret and key', () => {
    new HardenedSecret(stack, 'One').grants.read(new ArnPrincipal('arn:aws:iam::222222222222:role/reader'));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
      ResourcePolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Effect: 'Allow' }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Effect: 'Allow' })]) } });
  });

  test.each([
    ['with the AWS managed key', SecretEncryption.awsManagedKey(), 'SecretEncryption.ownKey()'],
    ['with an imported key', 'imported', 'the policy of an imported key cannot be changed'],
  ])('to another account are refused %s', (_, encryption, message) => {
    const chosen = typeof encryption === 'string'
      ? SecretEncryption.key(Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111111111111:key/1234')) : encryption;
    const { grants } = new HardenedSecret(stack, 'One', { encryption: chosen });
    expect(() => grants.read(new ArnPrincipal('arn:aws:iam::222222222222:role/reader'))).toThrow(message);
  });

  test('to a function whose role is not known are refused', () => {
    const imported = LambdaFunction.fromFunctionArn(stack, 'Function', 'arn:aws:lambda:eu-west-1:111111111111:function:reader');
    expect(() => new HardenedSecret(stack, 'One').grants.read(imported)).toThrow('the resource\'s role is not known');
  });

  test('on an imported secret reach its key, and are refused where they would have no effect', () => {
    const encryptionKey = Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111111111111:key/1234');
    const secret = Secret.fromSecretAttributes(stack, 'Secret', { secretPartialArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:one', encryptionKey });
    SecretGrants.fromSecret(secret).read(role());
    expect(decrypts(Template.fromStack(stack))).toBe(1);
    expect(() => SecretGrants.fromSecret(secret).read(new ServicePrincipal('ec2.amazonaws.com'))).toThrow('would have no effect');
  });
});
