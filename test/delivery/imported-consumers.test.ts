import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Project } from 'aws-cdk-lib/aws-codebuild';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib/core';
import { stackOf } from './delivery-scenario';
import { HardenedSecret } from '../../src';
import { messageOf } from '../support/scenario';

const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:app';
const importedFunction = (stack: Stack) => LambdaFunction.fromFunctionArn(stack, 'App', ARN);
const alias = (stack: Stack) => new Alias(stack, 'Alias', {
  aliasName: 'live',
  version: new LambdaFunction(stack, 'App', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x'),
  }).currentVersion,
});

// Typed languages refuse these before they run: nothing of what another app makes, or of an alias, can be changed here.
test.each<[string, string, (stack: Stack) => unknown, string]>([
  ['an imported function', 'toLambda', importedFunction, 'a Function of aws-cdk-lib/aws-lambda'],
  ['an imported function, for the extension', 'toLambdaExtension', importedFunction, 'a Function of aws-cdk-lib/aws-lambda'],
  ['an alias', 'toLambda', alias, 'a Function of aws-cdk-lib/aws-lambda'],
  ['an imported project', 'toCodeBuildProject', (stack) => Project.fromProjectName(stack, 'App', 'app'),
    'a Project of aws-cdk-lib/aws-codebuild'],
  ['an imported group', 'toAutoScalingGroup', (stack) => AutoScalingGroup.fromAutoScalingGroupName(stack, 'App', 'app'),
    'an AutoScalingGroup of aws-cdk-lib/aws-autoscaling'],
])('%s is refused by %s', (_, method, consumerOf, allowed) => {
  const stack = stackOf();
  const consumer = consumerOf(stack) as { node: { path: string } };
  const delivery = new HardenedSecret(stack, 'Secret').delivery as unknown as Record<string, (...given: unknown[]) => void>;
  expect(messageOf(() => delivery[method](consumer, {})))
    .toMatch(new RegExp(`\\(\\w+\\)\` is '${consumer.node.path}', allowed: ${allowed}; pass such a value$`));
});
