import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { firstExample, readmeApp } from '../../../scripts/demo-live/readme-app';

test('a README without an example is noticed', () => {
  expect(() => firstExample('```sh\nnpm ci\n```\n')).toThrow('the README has no example that is a whole file');
});

test('the first example of the README is a whole file that synthesises, and what it says of the app is true', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    const app = readmeApp(outdir);
    const [stack] = app.node.children.filter((child): child is Stack => Stack.isStack(child));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
    const { messages, assembly } = app.synth().getStackByName(stack.stackName);
    expect(messages.map(({ entry }) => entry.data)).toEqual([]);
    // The command line would ask an account for it, and who has none would be refused.
    expect(assembly.manifest.missing).toBeUndefined();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
