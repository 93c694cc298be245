import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import { readCloudAssembly } from '../../../scripts/local-deployment/cloud-assembly';

test('finds the stacks in the order of their deployment, and what their functions are made of', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'assembly-'));
  const app = new App({ outdir: path.join(directory, 'cdk.out') });
  const first = new Stack(app, 'First', { env: { account: '111111111111', region: 'us-east-1' } });
  const second = new Stack(app, 'Second', { env: { account: '111111111111', region: 'eu-west-1' } });
  first.addDependency(second);
  mkdirSync(path.join(directory, 'code'));
  writeFileSync(path.join(directory, 'code', 'index.js'), 'exports.handler = () => 1;');
  const code = Code.fromAsset(path.join(directory, 'code'));
  new LambdaFunction(first, 'Function', { code, handler: 'index.handler', runtime: Runtime.NODEJS_22_X });
  new CfnFunction(second, 'Function', { code: { s3Bucket: 'bucket', s3Key: 'key' }, role: 'role' });
  app.synth();
  const stacks = readCloudAssembly(path.join(directory, 'cdk.out'));
  expect(stacks.map(({ name, account, region }) => [name, account, region])).toEqual([
    ['Second', '111111111111', 'eu-west-1'], ['First', '111111111111', 'us-east-1'],
  ]);
  const keys = stacks.map(({ resources }) => {
    const { Properties } = Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::Function')!;
    return (Properties!.Code as { S3Key: string }).S3Key;
  });
  expect(readFileSync(path.join(stacks[1].assetOf(keys[1]), 'index.js'), 'utf8')).toBe('exports.handler = () => 1;');
  expect(() => stacks[0].assetOf(keys[0])).toThrow('stack Second publishes no asset as key');
  rmSync(directory, { recursive: true });
});

test('finds the stacks of stages', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'assembly-'));
  const app = new App({ outdir: path.join(directory, 'cdk.out') });
  new Stack(new Stage(app, 'Production', { env: { account: '111111111111', region: 'us-east-1' } }), 'Shop');
  app.synth();
  expect(readCloudAssembly(path.join(directory, 'cdk.out')).map(({ name }) => name)).toEqual(['Production-Shop']);
  rmSync(directory, { recursive: true });
});
