import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { EcsJobDefinition, EksContainerDefinition, EksJobDefinition } from 'aws-cdk-lib/aws-batch';
import { Project } from 'aws-cdk-lib/aws-codebuild';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Cluster, OpenIdConnectProvider, ServiceAccount } from 'aws-cdk-lib/aws-eks';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Stack } from 'aws-cdk-lib/core';
import { stackOf } from './delivery-scenario';
import { HardenedSecret, SecretContent } from '../../src';
import { messageOf } from '../support/scenario';

const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:app';
const importedFunction = (stack: Stack) => LambdaFunction.fromFunctionArn(stack, 'App', ARN);
const alias = (stack: Stack) => new Alias(stack, 'Alias', {
  aliasName: 'live',
  version: new LambdaFunction(stack, 'App', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x'),
  }).currentVersion,
});

const importedJob = (stack: Stack) =>
  EcsJobDefinition.fromJobDefinitionArn(stack, 'App', 'arn:aws:batch:eu-west-1:111111111111:job-definition/app:1');
const jobOnEks = (stack: Stack) => new EksJobDefinition(stack, 'App', {
  container: new EksContainerDefinition(stack, 'Container', { image: ContainerImage.fromRegistry('app') }),
});
const JOB = 'an EcsJobDefinition of aws-cdk-lib/aws-batch';

// Typed languages refuse these before they run: nothing of what another app makes, or of an alias, can be changed here.
test.each<[string, string, (stack: Stack) => unknown, string]>([
  ['an imported function', 'toLambda', importedFunction, 'a Function of aws-cdk-lib/aws-lambda'],
  ['an imported function, for the extension', 'toLambdaExtension', importedFunction, 'a Function of aws-cdk-lib/aws-lambda'],
  ['an alias', 'toLambda', alias, 'a Function of aws-cdk-lib/aws-lambda'],
  ['an imported project', 'toCodeBuildProject', (stack) => Project.fromProjectName(stack, 'App', 'app'),
    'a Project of aws-cdk-lib/aws-codebuild'],
  ['an imported group', 'toAutoScalingGroup', (stack) => AutoScalingGroup.fromAutoScalingGroupName(stack, 'App', 'app'),
    'an AutoScalingGroup of aws-cdk-lib/aws-autoscaling'],
  ['an imported job definition', 'toBatchJobDefinition', importedJob, JOB],
  ['an imported job definition, for injection', 'injectIntoBatchJobDefinition', importedJob, JOB],
  ['a job definition for Amazon EKS', 'toBatchJobDefinition', jobOnEks, JOB],
  ['a job definition for Amazon EKS, for injection', 'injectIntoBatchJobDefinition', jobOnEks, JOB],
])('%s is refused by %s', (_, method, consumerOf, allowed) => {
  const stack = stackOf();
  const consumer = consumerOf(stack) as { node: { path: string } };
  const delivery = new HardenedSecret(stack, 'Secret').delivery as unknown as Record<string, (...given: unknown[]) => void>;
  expect(messageOf(() => delivery[method](consumer, {})))
    .toMatch(new RegExp(`\\(\\w+\\)\` is '${consumer.node.path}', allowed: ${allowed}; pass such a value$`));
});

test.each(['toCsiDriver', 'toExternalSecrets'] as const)('%s refuses a cluster that takes no objects of the app', (method) => {
  const stack = stackOf();
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterName: 'shop',
    openIdConnectProvider: OpenIdConnectProvider.fromOpenIdConnectProviderArn(
      stack, 'Identities', 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB',
    ),
  });
  const kubectlRoleArn = 'arn:aws:iam::111111111111:role/kubectl';
  const { openIdConnectProvider } = cluster;
  const known = Cluster.fromClusterAttributes(stack, 'Known', { clusterName: 'shop', openIdConnectProvider, kubectlRoleArn });
  const options = { name: 'database', serviceAccount: new ServiceAccount(stack, 'Account', { cluster: known }) };
  const { delivery } = new HardenedSecret(stack, 'Secret', { content: SecretContent.json({ user: 'app' }, 'password') });
  expect(messageOf(() => delivery[method](cluster, options))).toBe('[Stack/Cluster] the AWS CDK cannot make objects in the '
    + 'imported cluster; import it with its `kubectlProvider`, or with the `kubectlRoleArn` and a `kubectlLayer`');
  expect(messageOf(() => delivery[method](known, options))).toBe('');
});
