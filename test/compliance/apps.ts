import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, FargateService } from 'aws-cdk-lib/aws-ecs';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, CfnParameter, Duration, SecretValue, Stack } from 'aws-cdk-lib/core';
import {
  BreakGlassAccess, HardenedSecret, ManagedExternalSecretType, RotatedAction, Rotation, RotationRunbook, SecretAuditTrail,
  SecretConfigRules, SecretContent, SecretMonitoring, SecretsPlatform,
} from '../../src';
import { exampleApp, onEksApp, onFargateApp } from '../examples/synthesised';
import { testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

/** One secret with nothing said but its rotation: what users get who ask for no more. */
function standAloneSecret(): App {
  const app = testApp();
  new HardenedSecret(new Stack(app, 'StandAlone', { env: ENV }), 'SigningKey', { rotation: Rotation.regenerate() });
  return app;
}

/** A platform that says all that rules ask for, with secrets in two stacks. */
function secretsPlatform(): App {
  const app = testApp();
  const home = new Stack(app, 'Platform', { env: ENV });
  const encryptionKey = new Key(home, 'OperationsKey', { enableKeyRotation: true });
  const topic = new Topic(home, 'RotationFailures', { enforceSSL: true, masterKey: encryptionKey });
  const platform = new SecretsPlatform(home, 'Secrets', {
    defaults: { monitoring: SecretMonitoring.rotationFailure({ topic }) },
    rotationFunctions: { encryptionKey },
  });
  for (const team of ['Orders', 'Payments']) {
    new HardenedSecret(new Stack(app, team, { env: ENV }), 'Token', {
      platform,
      secretName: `${team}/token`,
      rotation: Rotation.regenerate(),
    });
  }
  return app;
}

/** What is made once for an account. */
function account(): App {
  const app = testApp();
  const stack = new Stack(app, 'Account', { env: ENV });
  new SecretAuditTrail(stack, 'Trail');
  new SecretConfigRules(stack, 'Rules');
  return app;
}

/** What rotates by others than our functions: a function of the user's, and a partner's rotation. */
function rotationsOfOthers(): App {
  const app = testApp();
  const stack = new Stack(app, 'Others', { env: ENV });
  const handler = new LambdaFunction(stack, 'Rotator', {
    // Nothing is staged: any folder will do.
    code: Code.fromAsset(__dirname),
    handler: 'index.handler',
    runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
    memorySize: 256,
    timeout: Duration.minutes(1),
  });
  new HardenedSecret(stack, 'Ticket', { rotation: Rotation.custom({ handler }) });
  new HardenedSecret(stack, 'Partner', {
    content: SecretContent.fromSecretValue(SecretValue.cfnParameter(new CfnParameter(stack, 'Value', { noEcho: true }))),
    rotation: Rotation.managedExternal(ManagedExternalSecretType.salesforceClientSecret('v65.0')),
  });
  return app;
}

/** What acts after rotations, repairs them, and is the way in for an emergency. */
function operations(): App {
  const app = testApp();
  const stack = new Stack(app, 'Operations', { env: ENV });
  const encryptionKey = new Key(stack, 'OperationsKey', { enableKeyRotation: true });
  const topic = new Topic(stack, 'RotationFailures', { enforceSSL: true, masterKey: encryptionKey });
  const platform = new SecretsPlatform(stack, 'Secrets', {
    defaults: { monitoring: SecretMonitoring.rotationFailure({ topic }) },
    rotationFunctions: { encryptionKey },
  });
  const secret = new HardenedSecret(stack, 'Token', { platform, rotation: Rotation.regenerate() });
  const service = FargateService.fromFargateServiceAttributes(stack, 'Service', {
    serviceArn: `arn:aws:ecs:${ENV.region}:${ENV.account}:service/team/orders`,
    cluster: Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterName: 'team',
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] }),
      securityGroups: [],
    }),
  });
  secret.onRotated('Redeploy', RotatedAction.forceNewDeployment(service));
  new RotationRunbook(stack, 'Runbook', { platform });
  const breakGlass = new BreakGlassAccess(stack, 'BreakGlass', {
    principals: [new ArnPrincipal(`arn:aws:iam::${ENV.account}:user/alice`)], topic,
  });
  breakGlass.addSecret(secret.secret);
  return app;
}

/** The name of the example, whose templates the AWS CDK's own command line makes where they are scanned. */
export const THE_EXAMPLE = 'the example';

/** The apps that are checked, by name. */
export const APPS: Record<string, () => App> = {
  [THE_EXAMPLE]: exampleApp,
  'the example on AWS Fargate': onFargateApp,
  'the example in Amazon EKS': onEksApp,
  'a secret that stands alone': standAloneSecret,
  'secrets of a platform in two stacks': secretsPlatform,
  'rotations by others': rotationsOfOthers,
  'audit trail and Config rules': account,
  'what follows rotations, and repairs': operations,
};
