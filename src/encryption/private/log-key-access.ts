import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { KEY_USE } from './key-policy';
import { onceFor } from '../../core/once';

/**
 * Lets CloudWatch Logs use a key for log groups of a construct's account and Region.
 *
 * The statement names no log group: the group refers to the key, and a reference back would be a cycle.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogGroups(scope: IConstruct, key: IKey): void {
  const stack = Stack.of(scope);
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  // Once for each account and Region, however many log groups the key encrypts.
  const regions = onceFor(key, 'log groups', () => new Set<string>());
  if (regions.has(logGroups)) {
    return;
  }
  regions.add(logGroups);
  const statement = new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: KEY_USE,
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
  });
  if (!key.addToResourcePolicy(statement, true).statementAdded) {
    Annotations.of(scope).addWarningV2('cdk-secretsmanager-patterns:logKeyOutOfReach', `the policy of the key '${key.node.path}' `
      + 'cannot be changed here; '
      + `it must let CloudWatch Logs of the Region use ${KEY_USE.join(', ')} for log groups of the account, or the `
      + 'deployment fails');
  }
}
