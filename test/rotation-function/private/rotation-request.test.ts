import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { Rotation } from '../../../src';

test('a rotation of this library refuses a secret that nothing is known of', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => Rotation.regenerate().bind(stack, { secret: new Secret(stack, 'Unknown') }))
    .toThrow("[Stack] the secret 'Stack/Unknown' is not one that this rotation knows; give the rotation to a HardenedSecret, or "
      + 'to SecretHardening.fromSecret(secret)');
});
