import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { viaSecretsManager } from '../../core/arn';

/** What an administrator does with a key: everything but using it and giving it away. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:Describe*',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:Get*',
  'kms:List*',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/** What Secrets Manager does with a key for a caller. */
export const KEY_USE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/**
 * The policy of a key that encrypts secrets, written once per key whatever the number of secrets and readers.
 *
 * It leaves to IAM who may use the key, and only through Secrets Manager in the key's Region: a reader's identity policy decides.
 */
export function encryptionKeyPolicy(scope: IConstruct, region = Stack.of(scope).region): PolicyDocument {
  const root = new AccountRootPrincipal();
  const throughSecretsManager = {
    'kms:CallerAccount': Stack.of(scope).account,
    'kms:ViaService': viaSecretsManager(scope, region),
  };
  return new PolicyDocument({
    // Merging would cost quadratic time for nothing: these statements differ.
    minimize: false,
    statements: [
      new PolicyStatement({ sid: 'AdministerThroughIam', principals: [root], actions: ADMINISTRATION, resources: ['*'] }),
      new PolicyStatement({
        sid: 'UseThroughSecretsManager',
        principals: [root],
        actions: KEY_USE,
        resources: ['*'],
        conditions: { StringEquals: throughSecretsManager },
      }),
      new PolicyStatement({
        sid: 'GrantThroughSecretsManager',
        principals: [root],
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { StringEquals: throughSecretsManager, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
      new PolicyStatement({
        sid: 'DenyGrantsToOthers',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
      }),
    ],
  });
}
