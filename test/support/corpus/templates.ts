import { join } from 'path';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { type App, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib/core';
import type { CorpusApp } from '.';

/** Resources without constructs around them, one of which is made under a condition. */
function resources(app: App): void {
  const stack = new Stack(app, 'ResourcesStack');
  const isProduction = new CfnCondition(stack, 'IsProduction', {
    expression: Fn.conditionEquals(new CfnParameter(stack, 'Stage', { default: 'dev' }).valueAsString, 'prod'),
  });
  const optional = new CfnSecret(stack, 'Optional', { generateSecretString: {} });
  optional.cfnOptions.condition = isProduction;
  const secret = new CfnSecret(stack, 'Token', { name: 'resources/token', generateSecretString: { passwordLength: 48 } });
  new CfnResourcePolicy(stack, 'TokenPolicy', {
    secretId: secret.ref,
    blockPublicPolicy: true,
    resourcePolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: stack.account }, Action: 'secretsmanager:DescribeSecret', Resource: '*' }],
    },
  });
  const rotator = new CfnFunction(stack, 'Rotator', {
    code: { zipFile: 'exports.handler = async () => {};' },
    role: `arn:aws:iam::${stack.account}:role/rotator`,
    runtime: 'nodejs22.x',
    handler: 'index.handler',
  });
  new CfnRotationSchedule(stack, 'Schedule', {
    secretId: secret.ref, rotationLambdaArn: rotator.attrArn, rotationRules: { scheduleExpression: 'rate(10 days)' },
  });
}

/** A template of CloudFormation that is taken into an app. */
function included(app: App): void {
  const stack = new Stack(app, 'IncludedStack');
  new CfnInclude(stack, 'Template', { templateFile: join(__dirname, 'included.template.json') });
}

export const TEMPLATES: [string, CorpusApp][] = [
  ['resources without constructs', resources],
  ['a template that is included', included],
];
