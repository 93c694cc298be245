import { SecretValue, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretContent } from '../../src';
import { testApp } from '../support/scenario';

test.each<[string, SecretContent]>([
  ['a placeholder', SecretContent.placeholder()],
  ['a given value', SecretContent.fromSecretValue(SecretValue.secretsManager('given'))],
  ['credentials', SecretContent.databaseCredentials({ username: 'app' })],
])('%s cannot be generated again', (_, content) => {
  const stack = new Stack(testApp(), 'Stack');
  expect(() => new HardenedSecret(stack, 'Token', { content, rotation: Rotation.regenerate() }))
    .toThrow('[Stack/Token] the content of the secret was not generated, so it cannot be generated again; '
      + 'use SecretContent.generated() or SecretContent.json(), or say Rotation.none(reason)');
});

test('what was generated can', () => {
  const stack = new Stack(testApp(), 'Stack');
  const secret = new HardenedSecret(stack, 'Token', { content: SecretContent.generated(), rotation: Rotation.regenerate() });
  expect(secret.rotationFunction).toBeDefined();
});
