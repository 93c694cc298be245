import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { MyCustomAppStack } from '../../examples/my-custom-app/my-custom-app-stack';

/** A resource of a template, as far as the tests look at it. */
export interface Template {
  readonly Resources: Record<string, { readonly Type: string }>;
}

/** The example's app, with the context of its cdk.json. */
export function exampleApp(): App {
  const { context } =
    JSON.parse(readFileSync(join(__dirname, '../../examples/my-custom-app/cdk.json'), 'utf8')) as { context: object };
  const app = new App({ context: { ...context, 'aws:cdk:version-reporting': false }, analyticsReporting: false });
  new MyCustomAppStack(app, 'MyCustomApp', { env: { account: '111111111111', region: 'us-east-1' } });
  return app;
}

/** The templates of the example, by stack, with what changes with every change of a bundle taken out. */
export function synthesisedExample(): Record<string, Template> {
  return Object.fromEntries(
    exampleApp()
      .synth()
      .stacks.map(({ stackName, template }) => [stackName, withoutAssetHashes(template)]),
  );
}

/** A template without what changes with every change of a bundle. */
export function withoutAssetHashes(template: object): Template {
  return JSON.parse(JSON.stringify(template).replace(/[0-9a-f]{64}(?=\.(zip|json))/g, 'ASSET')) as Template;
}
