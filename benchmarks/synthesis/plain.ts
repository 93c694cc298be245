import { resolve } from 'node:path';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { ORGANIZATION, REPLICA_REGION, type Variant } from './variant';
import { vpcOf } from './vpc';

/** From the root of the checkout, where benchmarks run. */
export const HANDLER = resolve('assets/regenerate');

/** By hand, with the constructs of the AWS CDK. */
export const plain: Variant = (stack, secrets) => {
  const vpc = vpcOf(stack);
  vpc.addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true, alias: 'secrets' });
  const rotationLambda = new LambdaFunction(stack, 'Rotation', {
    runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
    handler: 'index.handler',
    code: Code.fromAsset(HANDLER),
    memorySize: 256,
    timeout: Duration.minutes(2),
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets },
  });
  rotationLambda.metricErrors({ period: Duration.minutes(5) }).createAlarm(stack, 'Alarm', {
    threshold: 1, evaluationPeriods: 1, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  }).addAlarmAction(new SnsAction(new Topic(stack, 'Topic')));
  const deny = (conditions: object) => new PolicyStatement({
    effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['secretsmanager:*'], resources: ['*'], conditions,
  });
  for (let nth = 0; nth < secrets; nth++) {
    const secret = new Secret(stack, `Secret${nth}`, {
      encryptionKey,
      generateSecretString: { passwordLength: 32 },
      removalPolicy: RemovalPolicy.RETAIN,
      replicaRegions: [{ region: REPLICA_REGION }],
    });
    secret.addToResourcePolicy(deny({ Bool: { 'aws:SecureTransport': 'false' } }));
    secret.addToResourcePolicy(deny({ StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }));
    secret.addRotationSchedule('Rotation', { rotationLambda, automaticallyAfter: Duration.days(30) });
  }
};
