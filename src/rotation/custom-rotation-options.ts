import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { CustomRotationPermission } from './custom-rotation-permission';
import type { RotationTiming } from './rotation-timing';

/**
 * Properties of a rotation by a function of yours.
 */
export interface CustomRotationOptions {
  /**
   * The function that Secrets Manager invokes for each of the four steps, in the secret's account and Region. It rotates at most 20 secrets.
   *
   * Not a version and not an alias: whenever one moved, CloudFormation would change the schedule, and every secret would rotate. One of another
   * stack has a `functionName`; an imported one is imported with its role:
   * `Function.fromFunctionAttributes(scope, id, { functionArn, role, sameEnvironment: true })`.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  readonly handler: IFunction;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created
   */
  readonly timing?: RotationTiming;

  /**
   * What the function needs beyond reading and writing the secret, moving its staging labels and using its key.
   *
   * @default - nothing
   */
  readonly permissions?: CustomRotationPermission[];
}
