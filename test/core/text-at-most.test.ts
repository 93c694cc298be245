import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnCluster, CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnParameter as CfnSsmParameter } from 'aws-cdk-lib/aws-ssm';
import { App, Aws, CfnParameter, CfnResource, Lazy, NestedStack, ScopedAws, Stack } from 'aws-cdk-lib/core';
import { textAtMost } from '../../src/core/text-at-most';

const NAME = 'n'.repeat(200);
const LONG_ID = 'G'.repeat(60);
/** Assumed for what nobody knows. */
const UNKNOWN = 150;
/** Before a name in an ARN. */
const ARN = 60;

const stackOf = () => new Stack(new App(), 'Shop');

test.each<[what: string, text: (stack: Stack) => string, length: number]>([
  ['nothing', () => '', 0],
  ['a text', () => NAME, 200],
  ['a partition', () => `arn:${Aws.PARTITION}:`, 15],
  ['a partition of a scope', (stack) => new ScopedAws(stack).partition, 10],
  ['an account beside a Region', () => `${Aws.ACCOUNT_ID}${Aws.REGION}`, 28],
  ['a parameter of the template', (stack) => new CfnParameter(stack, 'Given').valueAsString, UNKNOWN],
  ['a text that is made later', () => Lazy.string({ produce: () => NAME }), UNKNOWN],
  ['a resource of a kind that is not long', (stack) => new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' }).ref, UNKNOWN],
  ['a cluster', (stack) => new CfnCluster(stack, 'Cluster').ref, UNKNOWN],
  ['a cluster with a name', (stack) => new CfnCluster(stack, 'Cluster', { clusterName: NAME }).ref, 200],
  ['a group', (stack) => group(stack, NAME), 200],
  ['a group without a name in a stack of a long one',
    () => group(new Stack(new App(), 'Long', { stackName: 'S'.repeat(128) }), undefined, LONG_ID), 202],
  ['a group without a name in a nested stack', (stack) => group(new NestedStack(stack, 'Nested'), undefined, LONG_ID), 202],
  ['a log group', (stack) => new CfnLogGroup(stack, 'Logs', { logGroupName: NAME }).attrArn, ARN + 200],
  ['a parameter of Systems Manager',
    (stack) => new CfnSsmParameter(stack, 'P', { name: NAME, type: 'String', value: 'x' }).ref, 200],
  ['a cluster of Amazon EKS', (stack) => new CfnResource(stack, 'Eks', { type: 'Custom::AWSCDK-EKS-Cluster' }).ref, ARN + 100],
  ['a service', (stack) => service(stack), UNKNOWN],
  ['a service in a cluster by its name', (stack) => service(stack, NAME), ARN + 200 + 1 + 4],
  ['a service in a cluster of the app', (stack) => service(stack, new CfnCluster(stack, 'Cluster', { clusterName: NAME }).ref),
    ARN + 200 + 1 + 4],
  ['a service in a cluster that a parameter names', (stack) => service(stack, new CfnParameter(stack, 'Given').valueAsString),
    ARN + UNKNOWN + 1 + 4],
])('%s has as many characters as it may have', (_, text, length) => {
  const known = textAtMost(text(stackOf())).length;
  expect(known).toBe(length);
});

function group(stack: Stack, autoScalingGroupName?: string, id = 'Group'): string {
  return new CfnAutoScalingGroup(stack, id, { minSize: '1', maxSize: '1', autoScalingGroupName }).ref;
}

function service(stack: Stack, cluster?: string): string {
  return new CfnService(stack, 'Service', { cluster, serviceName: 'shop' }).ref;
}
