import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { withoutAssetHashes } from './synthesised';
import { addRotations } from '../../examples/rotations/add-rotations';

test('a stack for each family of rotations synthesises to the template that was reviewed', () => {
  const { context } =
    JSON.parse(readFileSync(join(__dirname, '../../examples/rotations/cdk.json'), 'utf8')) as { context: object };
  const app = new App({ context: { ...context, 'aws:cdk:version-reporting': false }, analyticsReporting: false });
  addRotations(app, { account: '111111111111', region: 'us-east-1' });
  const templates = Object.fromEntries(
    app.synth().stacks.map(({ stackName, template }) => [stackName, withoutAssetHashes(template)]),
  );
  expect(templates).toMatchSnapshot();
});
