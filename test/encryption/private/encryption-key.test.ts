import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { EncryptionKey } from '../../../src/encryption/private/encryption-key';
import { encryptionKeyPolicy } from '../../../src/encryption/private/key-policy';
import { only } from '../../support/scenario';

const stack = new Stack(new App(), 'Stack');
const made = new EncryptionKey(stack, 'Key', { aliasName: 'alias/team', description: 'Encrypts' });
const template = Template.fromStack(stack);

test('is rotated and kept, under the policy that leaves its use to IAM', () => {
  const { resource } = only(template, 'AWS::KMS::Key');
  expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  expect(resource.Properties)
    .toEqual({ Description: 'Encrypts', EnableKeyRotation: true, KeyPolicy: stack.resolve(encryptionKeyPolicy(stack)) });
});

test('has the alias that others know it by', () => {
  expect(only(template, 'AWS::KMS::Alias').resource.Properties)
    .toEqual({ AliasName: 'alias/team', TargetKeyId: stack.resolve(made.key.keyArn) });
  expect(made.facts).toEqual({ kmsKeyId: made.key.keyArn, key: made.key, aliasName: 'alias/team' });
});
