import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { MyCustomAppStack } from '../../examples/my-custom-app/my-custom-app-stack';
import { OnEksStack } from '../../examples/on-eks/on-eks-stack';
import { TEAM_CLUSTER } from '../../examples/on-eks/team-cluster';
import { OnFargateStack } from '../../examples/on-fargate/on-fargate-stack';

const EXAMPLES = join(__dirname, '../../examples');
const ENV = { account: '111111111111', region: 'us-east-1' };

/** A resource of a template, as far as the tests look at it. */
export interface Template {
  readonly Resources: Record<string, { readonly Type: string }>;
}

/** The example's app, with the context of its cdk.json. */
export function exampleApp(): App {
  const app = new App({ context: contextOf('my-custom-app'), analyticsReporting: false });
  new MyCustomAppStack(app, 'MyCustomApp', { env: ENV });
  return app;
}

/** The same application on AWS Fargate. */
export function onFargateApp(): App {
  const app = new App({ context: contextOf('on-fargate'), analyticsReporting: false });
  new OnFargateStack(app, 'OnFargate', { env: ENV, applicationFolder: applicationOf('on-fargate') });
  return app;
}

/** The same application in a cluster of Amazon EKS. */
export function onEksApp(): App {
  const app = new App({ context: contextOf('on-eks'), analyticsReporting: false });
  new OnEksStack(app, 'OnEks', { env: ENV, teamCluster: TEAM_CLUSTER, applicationFolder: applicationOf('on-eks') });
  return app;
}

/** No template depends on what is in the bundle: its sources do. */
function applicationOf(example: string): string {
  return join(EXAMPLES, example, 'application');
}

function contextOf(example: string): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(join(EXAMPLES, example, 'cdk.json'), 'utf8')) as { context?: object };
  return { ...context, 'aws:cdk:version-reporting': false };
}

/** The templates of the example, by stack, with what changes with every change of a bundle taken out. */
export function synthesisedExample(): Record<string, Template> {
  return templatesOf(exampleApp());
}

/** The templates of an app, by stack, with what changes with every change of a bundle taken out. */
export function templatesOf(app: App): Record<string, Template> {
  return Object.fromEntries(
    app
      .synth()
      .stacks.map(({ stackName, template }) => [stackName, withoutAssetHashes(template)]),
  );
}

/** A template without what changes with every change of a bundle. */
export function withoutAssetHashes(template: object): Template {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}(?=\.(zip|json)|")/g, 'ASSET')) as Template;
}
