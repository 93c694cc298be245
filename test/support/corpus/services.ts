import { OAuthScope, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import { AccessKey, AccountPrincipal, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ResourcePolicy, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, CfnOutput, Duration, NestedStack, RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CorpusApp } from '.';

const ENV = { account: '111111111111', region: 'us-east-1' };

const handler = (scope: Construct, id: string, environment: Record<string, string> = {}) => new LambdaFunction(scope, id, {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => {};'), environment,
});

/** A webhook that reads an API token. */
function tokenAndFunction(app: App): void {
  const stack = new Stack(app, 'WebhookStack');
  const token = new Secret(stack, 'ApiToken', { secretName: 'webhook/api-token', description: 'Token of the payment provider' });
  token.grantRead(handler(stack, 'Webhook', { SECRET_ARN: token.secretArn }));
  new CfnOutput(stack, 'SecretArn', { value: token.secretArn, exportName: 'ApiTokenArn' });
}

/** A container with fields of a secret, and one secret that was made elsewhere. */
function containers(app: App): void {
  const stack = new Stack(app, 'ServiceStack', { env: ENV });
  const settings = new Secret(stack, 'Settings', {
    generateSecretString: { secretStringTemplate: JSON.stringify({ user: 'web' }), generateStringKey: 'password' },
  });
  const license = Secret.fromSecretNameV2(stack, 'License', 'shared/license');
  const task = new FargateTaskDefinition(stack, 'Task');
  task.addContainer('web', {
    image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx'),
    secrets: {
      USERNAME: ContainerSecret.fromSecretsManager(settings, 'user'),
      PASSWORD: ContainerSecret.fromSecretsManager(settings, 'password'),
      LICENSE: ContainerSecret.fromSecretsManager(license),
    },
  });
  const cluster = new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc') });
  new FargateService(stack, 'Service', { cluster, taskDefinition: task });
}

/** A secret of several Regions that another account reads. */
function replicatedAndShared(app: App): void {
  const stack = new Stack(app, 'SharedStack', { env: ENV });
  const secret = new Secret(stack, 'Shared', {
    secretName: 'org/shared',
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
    replicaRegions: [{ region: 'eu-west-1' }, { region: 'ap-southeast-2' }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  secret.addToResourcePolicy(new PolicyStatement({
    sid: 'OtherAccount',
    actions: ['secretsmanager:GetSecretValue'],
    principals: [new AccountPrincipal('222222222222')],
    resources: ['*'],
  }));
  secret.denyAccountRootDelete();
}

/** A secret in one nested stack, and its reader in another. */
function nestedStacks(app: App): void {
  const stack = new Stack(app, 'Root');
  const data = new NestedStack(stack, 'Data');
  const compute = new NestedStack(stack, 'Compute');
  const secret = new Secret(data, 'Session', { generateSecretString: { passwordLength: 64, excludePunctuation: true } });
  secret.grantRead(handler(compute, 'Api', { SESSION_SECRET: secret.secretArn }));
}

/** The same two stacks for each stage of a pipeline. */
function stages(app: App): void {
  for (const [id, region] of [['Beta', 'us-east-1'], ['Prod', 'eu-central-1']]) {
    const stage = new Stage(app, id, { env: { ...ENV, region } });
    const secrets = new Stack(stage, 'Secrets');
    const service = new Stack(stage, 'Service');
    const signing = new Secret(secrets, 'SigningKey', { secretName: `${id.toLowerCase()}/signing-key` });
    signing.grantRead(handler(service, 'Signer'));
    Tags.of(stage).add('stage', id);
  }
}

/** Values that other resources make. */
function valuesOfResources(app: App): void {
  const stack = new Stack(app, 'IdentityStack');
  const pool = new UserPool(stack, 'Users');
  const client = pool.addClient('Backend', { generateSecret: true, oAuth: { scopes: [OAuthScope.OPENID] } });
  new Secret(stack, 'ClientSecret', { secretStringValue: client.userPoolClientSecret });
  const key = new AccessKey(stack, 'SmtpKey', { user: new User(stack, 'Smtp') });
  new Secret(stack, 'SmtpCredentials', {
    secretObjectValue: { secretAccessKey: key.secretAccessKey },
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A rotation function of one's own, and a policy beside another secret. */
function rotatorAndPolicy(app: App): void {
  const stack = new Stack(app, 'RotatorStack');
  const secret = new Secret(stack, 'PartnerKey');
  const rotator = handler(stack, 'Rotator');
  secret.grantWrite(rotator);
  secret.addRotationSchedule('Schedule', { rotationLambda: rotator, automaticallyAfter: Duration.days(15) });
  const auditor = new Role(stack, 'Auditor', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const audited = new Secret(stack, 'Audited');
  new ResourcePolicy(stack, 'AuditedPolicy', { secret: audited }).document.addStatements(new PolicyStatement({
    actions: ['secretsmanager:DescribeSecret'], principals: [auditor], resources: ['*'],
  }));
}

export const SERVICES: [string, CorpusApp][] = [
  ['a token and a function that reads it', tokenAndFunction],
  ['a service of containers', containers],
  ['a secret with replicas, its own key and readers of another account', replicatedAndShared],
  ['nested stacks', nestedStacks],
  ['stages', stages],
  ['values that other resources make', valuesOfResources],
  ['a rotation function and a policy of one\'s own', rotatorAndPolicy],
];
