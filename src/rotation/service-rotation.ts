import { type ISecret, RotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Resource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ConflictError } from '../core/errors';

/** Refuses a secret that no service can have made, and schedules that others add to one that a service rotates. */
export function requireSecretOfService(scope: Construct, secret: ISecret): void {
  if (Resource.isOwnedResource(secret)) {
    throw new ConflictError(scope, 'a service rotates the secrets that it makes itself, and this one is made here',
      'let the service make it (`manageMasterUserPassword` of a database) and give Rotation.managedByService() to '
        + 'SecretHardening.fromSecret() of that secret, '
      + 'or use another rotation');
  }
  secret.node.addValidation({
    validate: () => secret.node.children.filter((child) => child instanceof RotationSchedule)
      .map(({ node }) => `'${node.path}' would rotate a secret that a service rotates, which refuses it; take the schedule away, `
        + 'or Rotation.managedByService()'),
  });
}
