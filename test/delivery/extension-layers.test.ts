import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { App, Stack } from 'aws-cdk-lib/core';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { layersOfTheCdk } from '../../scripts/refresh-extension-layers';
import { EXTENSION_LAYERS_DATE } from '../../src/delivery/private/extension-layers';
import { LISTED_LAYERS, usualExtensionLayer } from '../../src/delivery/private/usual-extension-layer';

const functionIn = (region: string | undefined, architecture: Architecture): LambdaFunction => {
  const stack = new Stack(new App(), 'Stack', { env: { region } });
  return new LambdaFunction(stack, 'App', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0'), architecture,
  });
};

describe('the layers that AWS lists', () => {
  const ofTheCdk = Object.entries(layersOfTheCdk());

  test('are at least those of the AWS CDK, which has 30 Regions, 21 of them for arm64', () => {
    expect(ofTheCdk.length).toBeGreaterThanOrEqual(30);
    expect(ofTheCdk.filter(([, { arm64 }]) => arm64 !== undefined).length).toBeGreaterThanOrEqual(21);
    expect(Object.keys(LISTED_LAYERS)).toEqual(expect.arrayContaining(ofTheCdk.map(([region]) => region)));
  });

  test.each(ofTheCdk)('are of the account that the AWS CDK has in %s, and not older', (region, { account, x8664, arm64 }) => {
    const listed = LISTED_LAYERS[region];
    expect(listed.account).toBe(account);
    expect(Number(listed.x8664)).toBeGreaterThanOrEqual(Number(x8664 ?? 0));
    expect(Number(listed.arm64)).toBeGreaterThanOrEqual(Number(arm64 ?? 0));
  });

  test.each(Object.entries(LISTED_LAYERS))('have a whole ARN in %s, in its partition', (region, { account, x8664, arm64 }) => {
    const partition = RegionInfo.get(region).partition;
    expect(partition).toMatch(/^aws/);
    const layer = `arn:${partition}:lambda:${region}:${account}:layer:AWS-Parameters-and-Secrets-Lambda-Extension`;
    expect(account).toMatch(/^\d{12}$/);
    expect(usualExtensionLayer(functionIn(region, Architecture.X86_64))).toBe(`${layer}:${x8664}`);
    expect(usualExtensionLayer(functionIn(region, Architecture.ARM_64))).toBe(arm64 && `${layer}-Arm64:${arm64}`);
  });

  test('are a mapping where the Region is not known, one for all functions of the stack', () => {
    const fn = functionIn(undefined, Architecture.ARM_64);
    const stack = Stack.of(fn);
    usualExtensionLayer(fn);
    const id = 'ParametersAndSecretsExtensionLayers';
    const region = { Ref: 'AWS::Region' };
    expect(stack.resolve(usualExtensionLayer(fn))).toEqual({
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':lambda:', region, ':', { 'Fn::FindInMap': [id, region, 'account'] },
        ':layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:', { 'Fn::FindInMap': [id, region, 'arm64'] },
      ]],
    });
    const { Mappings } = Template.fromStack(stack).toJSON();
    expect(Object.keys(Mappings)).toEqual([id]);
    expect(Mappings[id]).toEqual(JSON.parse(JSON.stringify(LISTED_LAYERS)));
    expect(JSON.stringify(Mappings).length).toBeLessThan(3000);
  });

  test('are in the guide with their day, the number of Regions and a version', () => {
    const guide = readFileSync(join(__dirname, '../../docs/read-the-secret.md'), 'utf8').replace(/\s+/g, ' ');
    const listed = Object.entries(LISTED_LAYERS);
    const withoutArm64 = listed.filter(([, { arm64 }]) => arm64 === undefined).map(([region]) => `\`${region}\``);
    expect(guide).toContain(`AWS's list of ${EXTENSION_LAYERS_DATE}, which has ${listed.length} Regions, such as version `
      + `${LISTED_LAYERS['eu-west-1'].x8664} in \`eu-west-1\``);
    expect(guide).toContain(`for arm64 all but ${withoutArm64.join(' and ')}`);
  });
});
