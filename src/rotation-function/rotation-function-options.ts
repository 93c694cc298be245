import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ICodeSigningConfig, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
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
   * Permissions boundary of the roles that are made for the functions and their daily audits, for rotations by partners, for what
   * acts after rotations, and for a `RotationRunbook`.
   *
   * `PermissionsBoundary.of(scope).apply(policy)` of the AWS CDK reaches all roles of an app, those of this library included.
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

  /**
   * Code signing of the functions. The AWS CDK does not sign what it uploads: AWS Lambda refuses it where the configuration
   * enforces signatures, unless your pipeline signs the assets before it deploys.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
   * @default - signatures are not asked for
   */
  readonly codeSigningConfig?: ICodeSigningConfig;

  /**
   * Traces of the functions in AWS X-Ray, which charges for them. A trace has the times and the errors of a step, and no value
   * of a secret.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing;

  /**
   * How many steps may run at the same time in each function: 1 to 1,000. They are taken from what the other functions of the
   * account may use, and an account must keep 100 that nobody reserves.
   *
   * A rotation takes one, for a few seconds in each of its four steps. One that finds none fails, and Secrets Manager tries it
   * again.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default - none are reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Tags of the functions and of what is made for them: roles, log groups, alarms, security groups, endpoints, a
   * `RotationRunbook`. Names have 1 to
   * 128 characters and do not begin with `aws:`, values have at most 256 characters.
   *
   * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
   * @default - the tags of the stack, and those that `Tags.of()` adds
   */
  readonly tags?: { [name: string]: string };
}
