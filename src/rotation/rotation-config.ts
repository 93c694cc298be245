import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import type { RotationTiming } from './rotation-timing';

/**
 * What a rotation is told when it is bound to a secret.
 */
export interface RotationBindOptions {
  /** The secret that is to rotate. */
  readonly secret: ISecret;
}

/**
 * What a rotation needs from the schedule that starts it.
 */
export interface RotationConfig {
  /**
   * The function that Secrets Manager invokes for each step of a rotation.
   *
   * @default - the secret does not rotate, and no schedule is made
   */
  readonly rotationFunction?: IFunction;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days
   */
  readonly timing?: RotationTiming;

  /**
   * What must exist before the first rotation, which starts as soon as the schedule is there.
   *
   * @default - nothing but the permission to invoke the function
   */
  readonly dependencies?: IDependable[];

  /**
   * Scope of the schedule and of the permission, where the secret's own stack must not depend on the function's.
   *
   * @default - the secret's own scope
   */
  readonly scheduleScope?: Construct;
}
