import { Template } from 'aws-cdk-lib/assertions';
import { CfnParameter, SecretValue, Stack } from 'aws-cdk-lib/core';
import { DatabaseTarget, HardenedSecret, Rotation, SecretContent, SecretsPlatform } from '../../../src';
import { isolatedVpc, personnelDatabase, testApp } from '../../support/scenario';

/** The limit of AWS Lambda for the resource policy of a function, in bytes. */
const LIMIT = 20_480;

/** The statement that AWS Lambda makes of a permission, with the longest Region and an id as long as it may be. */
function statementOf(properties: Record<string, any>, functionName: string, secretName: string): string {
  const [partition, region, account] = ['aws-us-gov', 'ap-southeast-1', '111111111111'];
  expect(Object.keys(properties).sort()).toEqual(['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn']);
  return JSON.stringify({
    Sid: 's'.repeat(64),
    Effect: 'Allow',
    Principal: { Service: properties.Principal },
    Action: properties.Action,
    Resource: `arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
    Condition: {
      StringEquals: { 'AWS:SourceAccount': account },
      ArnLike: { 'AWS:SourceArn': `arn:${partition}:secretsmanager:${region}:${account}:secret:${secretName}-abcdef` },
    },
  });
}

// Users that sign in themselves are not in the function's environment, whose size would be the first limit.
test.each([[20, 1], [200, 2], [480, 2]])('40 permissions for names of %i characters take %i functions', (length, count) => {
  const stack = new Stack(testApp(), 'Stack');
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
  const value = SecretValue.cfnParameter(new CfnParameter(stack, 'Value', { noEcho: true }));
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'p'.repeat(32) });
  const names = Array.from({ length: 40 }, (_, index) => `${'n'.repeat(length - 2)}${10 + index}`);
  names.forEach((secretName) => new HardenedSecret(stack, secretName.slice(-2), {
    platform, secretName, content: SecretContent.fromSecretValue(value), rotation: Rotation.singleUser({ database }),
  }));
  const template = Template.fromStack(stack);
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const permissions = Object.values(template.findResources('AWS::Lambda::Permission', {
    Properties: { Principal: 'secretsmanager.amazonaws.com' },
  })).map(({ Properties }) => Properties);
  const sizes = functions.map(([id, { Properties: { FunctionName: functionName } }]) => {
    const mine = permissions.filter((each) => JSON.stringify(each.FunctionName).includes(`"${id}"`));
    const statements = mine.map((each) => statementOf(each, functionName, names[0]));
    return Buffer.byteLength(`{"Version":"2012-10-17","Id":"default","Statement":[${statements.join()}]}`);
  });
  expect(permissions).toHaveLength(40);
  expect(sizes).toHaveLength(count);
  expect(Math.max(...sizes)).toBeLessThan(LIMIT);
});
