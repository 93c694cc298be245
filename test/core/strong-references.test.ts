import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { referStrongly } from '../../src/core/strong-references';

test.each([
  ['another stack', 'Other', [['strong']]],
  ['the same stack', 'Stack', []],
])('asks a newer AWS CDK for a strong reference from %s', (_, id, calls) => {
  const app = new App();
  const stacks = new Map(['Stack', 'Other'].map((name) => [name, new Stack(app, name)]));
  const secret = new Secret(stacks.get('Stack')!, 'Secret');
  const applyCrossStackReferenceStrength = jest.fn();
  Object.assign(secret.node.defaultChild!, { applyCrossStackReferenceStrength });
  referStrongly(stacks.get(id)!, secret);
  expect(applyCrossStackReferenceStrength.mock.calls).toEqual(calls);
});

test('leaves the oldest AWS CDK, which has strong references only, and imported secrets alone', () => {
  const app = new App();
  const [stack, other] = ['Stack', 'Other'].map((name) => new Stack(app, name));
  const secret = new Secret(stack, 'Secret');
  Object.assign(secret.node.defaultChild!, { applyCrossStackReferenceStrength: undefined });
  expect(() => referStrongly(other, secret)).not.toThrow();
  expect(() => referStrongly(other, Secret.fromSecretNameV2(stack, 'Imported', 'x'))).not.toThrow();
});
