import { Template } from 'aws-cdk-lib/assertions';
import { BuildSpec, LinuxBuildImage, Project } from 'aws-cdk-lib/aws-codebuild';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage, FargateTaskDefinition, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { AccountPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, SecretContent } from '../src';

const environment = { account: '111111111111', region: 'eu-west-1' };
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack', { env: environment });
});

const role = (scope: Stack = stack, id = 'Reader') =>
  new Role(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
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
    database.secret!.addToResourcePolicy(
      new PolicyStatement({
        principals: [new AccountPrincipal('222222222222')],
        actions: ['secretsmanager:DescribeSecret'],
        resources: ['*'],
      }),
    );
    database.secret!.denyAccountRootDelete();
    const template = Template.fromStack(stack);
    expect(decrypts(template)).toBe(1);
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
    expect(admin.secret).toBe(database.secret);
  });

  test('a container\'s secret keeps decryption', () => {
    const { secret } = new HardenedSecret(stack, 'Token');
    new FargateTaskDefinition(stack, 'Task').addContainer('Main', {
      image: ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox'),
      secrets: { TOKEN: ContainerSecret.fromSecretsManager(secret) },
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
    [
      'a rotation of the database construct',
      (database: DatabaseInstance) => database.addRotationSingleUser(),
      'addRotation() of the HardenedSecret',
    ],
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
