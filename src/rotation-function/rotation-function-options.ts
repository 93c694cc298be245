import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * Properties of the AWS Lambda functions that rotate.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_turn-on-for-other.html
 */
export interface RotationFunctionOptions {
  /**
   * Role of the functions. It is given the permissions of the rotation; with a role of your own all functions of the platform
   * share them.
   *
   * @default - a role for each function
   */
  readonly role?: IRole;

  /**
   * Permissions boundary of the roles that are made for the functions and their daily audits.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * Runtime. The functions are written for Node.js 22 and later.
   *
   * @default - nodejs24.x
   */
  readonly runtime?: Runtime;

  /**
   * Time for one step of a rotation, 30 seconds to 15 minutes. Within it a step waits for permissions and networks that are still
   * being made.
   *
   * @default - 2 minutes; 15 for users of Amazon ElastiCache and Amazon MemoryDB, which may take minutes to be changed
   */
  readonly timeout?: Duration;

  /**
   * Memory, in MiB: 128 to 10,240.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * How long the logs are kept. They hold no secret value.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays;

  /**
   * A symmetric key in the platform's Region that encrypts the functions' logs and environment variables, which hold no secret
   * value either. It is not the key of the secrets, whose policy lets Secrets Manager use it and nobody else.
   *
   * CloudWatch Logs is allowed to use it in its policy; where that cannot be changed here, a warning says what it has to allow.
   * The deploying principal needs `kms:Encrypt` and `kms:CreateGrant` on it for AWS Lambda.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - keys that AWS owns, free of charge
   */
  readonly encryptionKey?: IKey;
}
