import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission, Code, Function as LambdaFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { HANDLER } from './plain';
import { ORGANIZATION, REPLICA_REGION, type Variant } from './variant';
import { vpcOf } from './vpc';

/** The least that the AWS CDK can do: a resource for each part, and nothing that looks after it. */
export const lean: Variant = (stack, secrets) => {
  const vpc = vpcOf(stack);
  vpc.addInterfaceEndpoint('SecretsManager', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
  const key = new CfnKey(stack, 'Key', {
    enableKeyRotation: true,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow', Principal: { AWS: `arn:${stack.partition}:iam::${stack.account}:root` }, Action: 'kms:*', Resource: '*',
      }],
    },
  });
  new CfnAlias(stack, 'Alias', { aliasName: 'alias/secrets', targetKeyId: key.ref });
  const rotation = new LambdaFunction(stack, 'Rotation', {
    runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
    handler: 'index.handler',
    code: Code.fromAsset(HANDLER),
    role: new Role(stack, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole')],
    }),
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets },
  });
  new CfnAlarm(stack, 'Alarm', {
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: [{ name: 'FunctionName', value: rotation.functionName }],
    statistic: 'Sum',
    period: 300,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    alarmActions: [new CfnTopic(stack, 'Topic').ref],
  });
  const deny = (condition: object) =>
    ({ Effect: 'Deny', Principal: '*', Action: 'secretsmanager:*', Resource: '*', Condition: condition });
  const resourcePolicy = {
    Version: '2012-10-17',
    Statement: [
      deny({ Bool: { 'aws:SecureTransport': 'false' } }),
      deny({ StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
    ],
  };
  for (let nth = 0; nth < secrets; nth++) {
    const { ref: secretId } = new CfnSecret(stack, `Secret${nth}`, {
      kmsKeyId: key.attrArn, generateSecretString: { passwordLength: 32 }, replicaRegions: [{ region: REPLICA_REGION }],
    });
    new CfnResourcePolicy(stack, `Policy${nth}`, { secretId, resourcePolicy, blockPublicPolicy: true });
    const permission = new CfnPermission(stack, `Permission${nth}`, {
      action: 'lambda:InvokeFunction',
      functionName: rotation.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: stack.account,
      sourceArn: secretId,
    });
    new CfnRotationSchedule(stack, `Schedule${nth}`, {
      secretId, rotationLambdaArn: rotation.functionArn, rotationRules: { automaticallyAfterDays: 30 },
    }).addDependency(permission);
  }
};
