import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { expectRotations } from '../../scripts/deployed-rotations';
import { DeploymentTestStack, SECRET } from '../deployment/stack';

const LIMIT = 100;

interface State {
  readonly labels: Record<string, string[]>;
  readonly isRotated?: boolean;
  readonly value: string;
}

/** Answers with the first state, and with the second once it was asked to rotate. */
function secretThatIs(first: State, second: State): { client: SecretsManagerClient; calls: string[] } {
  const calls: string[] = [];
  let { labels, isRotated, value } = first;
  const send = async (command: object): Promise<object> => {
    calls.push(command.constructor.name);
    if (command.constructor.name === 'RotateSecretCommand') {
      ({ labels, isRotated, value } = second);
    }
    return { VersionIdsToStages: labels, LastRotatedDate: isRotated ? new Date() : undefined, SecretString: value };
  };
  return { client: { send } as unknown as SecretsManagerClient, calls };
}

const ROTATED = { labels: { old: ['AWSPREVIOUS'], first: ['AWSCURRENT'] }, isRotated: true, value: 'a' };
const AGAIN = { labels: { first: ['AWSPREVIOUS'], second: ['AWSCURRENT', 'AWSPENDING'] }, isRotated: true, value: 'b' };

test('two rotations that come to an end are what is expected', async () => {
  const { client, calls } = secretThatIs(ROTATED, AGAIN);
  await expectRotations(client, 'arn');
  expect(calls.filter((call) => call === 'RotateSecretCommand')).toHaveLength(1);
});

test.each([
  ['the deployment has begun none', { ...ROTATED, isRotated: false }, AGAIN, /^no rotation has come to an end within 0.1 s/],
  ['the first one is in progress', { ...ROTATED, labels: { ...ROTATED.labels, next: ['AWSPENDING'] } }, AGAIN, /^no rotation/],
  ['the second one is not done', ROTATED, { ...AGAIN, labels: ROTATED.labels }, /^no rotation/],
  ['the value is what it was', ROTATED, { ...AGAIN, value: 'a' }, /^the rotation has left the value as it was/],
])('it is noticed that %s', async (_, first, second, says) => {
  await expect(expectRotations(secretThatIs(first, second).client, 'arn', LIMIT)).rejects.toThrow(says);
});

test('what is deployed leaves nothing behind, and begins a rotation', () => {
  const template = Template.fromStack(new DeploymentTestStack(new App(), 'Test'));
  template.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
  template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate: true });
  template.hasOutput(SECRET, {});
});
