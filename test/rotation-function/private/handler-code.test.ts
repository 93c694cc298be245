import { App, Stack } from 'aws-cdk-lib/core';
import type { HandlerName } from '../../../src/contract/handler-name';
import { handlerCode } from '../../../src/rotation-function/private/handler-code';

describe('handlerCode', () => {
  test.each<HandlerName>(['regenerate', 'rotate-postgresql'])('finds the bundle of %s', (name) => {
    expect(handlerCode(name).bind(new Stack(new App(), 'Stack')).s3Location?.objectKey).toMatch(/^[0-9a-f]{64}\.zip$/);
  });

  test('says which function is missing and what brings it back, instead of what the AWS CDK says of a path', () => {
    expect(() => handlerCode('rotate-nothing' as HandlerName)).toThrow(
      "the rotation function 'rotate-nothing' is missing from the package: no rotate-nothing/index.js in its assets/; "
      + 'install cdk-secretsmanager-patterns again, or run `npx projen bundle` in a checkout');
  });
});
