import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { rotationContextOf, setRotationContext, type RotationContext } from '../../../src/rotation-function/private/rotation-request';

const stack = new Stack(new App(), 'Stack');

test('what is known of a secret is found again, under the latest it was set to', () => {
  const secret = new Secret(stack, 'Known');
  const context = { monitored: true } as RotationContext;
  setRotationContext(secret, { ...context, monitored: false });
  setRotationContext(secret, context);
  expect(rotationContextOf(stack, secret)).toBe(context);
});

test('a secret that is not known is refused', () => {
  expect(() => rotationContextOf(stack, new Secret(stack, 'Unknown')))
    .toThrow('[Stack] the secret \'Stack/Unknown\' is not one that this rotation knows; give the rotation to a HardenedSecret, or to SecretHardening.fromSecret(secret)');
});
