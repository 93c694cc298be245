import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { OwnedSecret, type OwnedSecretProps } from '../../../src/secret/private/owned-secret';
import { isolatedVpc, only, personnelDatabase } from '../../support/scenario';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});
const owned = (props: Partial<OwnedSecretProps> = {}) =>
  new OwnedSecret(stack, 'One', { removalPolicy: RemovalPolicy.DESTROY, replicas: [], ...props });

test('a fixed name is text, so that it can be passed to other stacks', () => {
  expect(owned({ secretName: 'one' }).secretName).toBe('one');
});

test('the key is known to whoever asks, and its policy is left alone', () => {
  const key = new Key(stack, 'Key');
  const before = stack.resolve((key.node.defaultChild as CfnKey).keyPolicy);
  const secret = owned({ key: { kmsKeyId: key.keyArn, key } });
  secret.grantRead(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  expect(secret.encryptionKey).toBe(key);
  expect(stack.resolve((key.node.defaultChild as CfnKey).keyPolicy)).toEqual(before);
});

test('a key that is known by its alias only is in the template, and no construct', () => {
  const secret = owned({ key: { kmsKeyId: 'alias/theirs', aliasName: 'alias/theirs' } });
  expect(secret.encryptionKey).toBeUndefined();
  expect(only(Template.fromStack(stack), 'AWS::SecretsManager::Secret').resource.Properties.KmsKeyId).toBe('alias/theirs');
});

test('consumers see the attachment as soon as there is one', () => {
  const secret = owned();
  expect(secret.consumable).toBe(secret);
  const attached = secret.attach(personnelDatabase(stack, isolatedVpc(stack)));
  expect(secret.consumable).toBe(attached);
});

test('what it refuses says what to use instead', () => {
  const secret = owned();
  expect(() => secret.addRotationSchedule())
    .toThrow('[Stack/One] a rotation schedule of another construct would act beside this secret\'s own rotation; use `rotation`');
  expect(() => secret.addReplicaRegion())
    .toThrow('[Stack/One] a replica added here would have no key of its own; use `replicas`');
});
