import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';

const ID = 'MasterUserSecret';

/**
 * The secret in which a service keeps the master user's password and rotates it: one construct, however many targets ask for it.
 */
export function managedSecret(database: IConstruct, secretCompleteArn: string, kmsKey: unknown): ISecret {
  if (kmsKey !== undefined) {
    throw new ConflictError(
      database,
      'the master password is managed under a key of yours, which the resource names and does not know as a construct',
      'give `superuser: Secret.fromSecretAttributes(scope, id, { secretCompleteArn, encryptionKey })` with the ARN that the '
        + 'resource has of that secret',
    );
  }
  const known = database.node.tryFindChild(ID) as ISecret | undefined;
  return known ?? Secret.fromSecretCompleteArn(database as unknown as Construct, ID, secretCompleteArn);
}
