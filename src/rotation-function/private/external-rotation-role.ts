import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { RotationRequest } from './rotation-request';
import { addTags } from '../../core/add-tags';
import { viaSecretsManager } from '../../core/arn';
import { innerPath } from '../../core/inner-path';
import { useOfKey } from '../../encryption/private/key-reference';
import { grantableOf } from '../../secret/private/grantable-secret';
import { grantOnSecret, READ } from '../../secret/private/secret-permissions';

/** The role that Secrets Manager assumes to rotate one partner's secret: for this secret, as long as it is of this type. */
export function externalRotationRole(scope: Construct, record: RotationRequest, type: string, adminSecret?: ISecret): Role {
  const { secretArn } = record.secret;
  const { permissionsBoundary, tags } = record.functions.settings;
  const role = new Role(scope, 'RotationRole', {
    description: `Lets Secrets Manager rotate ${innerPath(record.scope)}`,
    permissionsBoundary,
    assumedBy: new ServicePrincipal('secretsmanager.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account }, ArnLike: { 'aws:SourceArn': secretArn } },
    }),
  });
  addTags(role, tags);
  role.addToPolicy(new PolicyStatement({
    sid: 'Rotate',
    actions: [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    resources: [secretArn],
    conditions: { StringEquals: { 'secretsmanager:resource/Type': type } },
  }));
  role.addToPolicy(
    new PolicyStatement({ sid: 'MakePasswords', actions: ['secretsmanager:GetRandomPassword'], resources: ['*'] }),
  );
  allowKey(scope, role, record);
  if (adminSecret) {
    grantOnSecret(grantableOf(adminSecret), role, READ);
  }
  return role;
}

/**
 * A key of the platform's stack is known by its alias. Its policy, as that of every key of ours, leaves it to IAM who uses it
 * through Secrets Manager.
 */
function allowKey(scope: Construct, role: Role, { key, secret }: RotationRequest): void {
  if (!key) {
    return;
  }
  const named = useOfKey(key, { scope, from: role, mayRefer: true });
  role.addToPolicy(new PolicyStatement({
    sid: 'UseKey',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: named.resources,
    conditions: {
      StringEquals: { 'kms:ViaService': viaSecretsManager(scope) },
      StringLike: { 'kms:EncryptionContext:SecretARN': secret.secretArn },
      ...named.conditions,
    },
  }));
}
