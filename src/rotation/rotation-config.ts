import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import type { RotationTiming } from './rotation-timing';
import type { RotationAlarm } from '../monitoring/private/rotation-alarm';
import type { RotationEffect } from '../secret/private/rotation-effect';

/**
 * What a rotation gets when it is bound to a secret.
 */
export interface RotationBindOptions {
  /** The secret that is to rotate. */
  readonly secret: ISecret;
}

/**
 * How Secrets Manager itself rotates a partner's secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/managed-external-secrets.html
 */
export interface ExternalRotationConfig {
  /** The role that Secrets Manager assumes for each rotation. */
  readonly role: IRole;

  /** What the partner asks for, by its keys. */
  readonly metadata: { [key: string]: string };
}

/**
 * What a rotation needs from the schedule that starts it.
 */
export interface RotationConfig {
  /**
   * The function that Secrets Manager invokes for each step of a rotation.
   *
   * @default - no function: without `externalRotation` the secret does not rotate, and no schedule is made
   */
  readonly rotationFunction?: IFunction;

  /**
   * How Secrets Manager rotates the secret without a function. Not beside a `rotationFunction`.
   *
   * @default - the function rotates
   */
  readonly externalRotation?: ExternalRotationConfig;

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

  /**
   * Whether the function would begin with a value that nobody has put yet.
   *
   * @internal
   */
  readonly _awaitsValue?: boolean;

  /**
   * What the rotation means to readers: that of a rotation which does not say is the worst.
   *
   * @internal
   */
  readonly _effect?: RotationEffect;

  /**
   * The alarm of the function that reminds somebody of a secret which does not rotate.
   *
   * @internal
   */
  readonly _reviewAlarm?: RotationAlarm;
}
