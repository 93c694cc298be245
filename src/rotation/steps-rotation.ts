import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { RotationRequest } from '../rotation-function/private/rotation-request';
import { StepsFunction } from '../rotation-function/private/steps-function';

/**
 * Properties of a rotation for which you write only the steps that differ.
 *
 * @example
 * new HardenedSecret(this, 'ApiKey', {
 *   content: SecretContent.generated({ passwordLength: 40 }),
 *   rotation: Rotation.steps({ handler: rotator }),
 * });
 */
export interface StepsOptions {
  /**
   * The function that Secrets Manager invokes for each of the four steps, with a timeout of 30 seconds to 15 minutes. Its code
   * exports what `rotationHandler()` of `cdk-secretsmanager-patterns/rotation-runtime` returns. It rotates at most 20 secrets.
   *
   * It is defined in the app, since its environment names the secrets that it rotates. One of another stack has a `functionName`,
   * and its secrets have a `secretName`.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  readonly handler: Function;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted or its
   *   content a placeholder
   */
  readonly timing?: RotationTiming;
}

/** Binds a secret to a function of the user's that was made with the runtime entry. */
export function bindStepsRotation(scope: Construct, request: RotationRequest, rotation: StepsOptions): RotationConfig {
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  const config = StepsFunction.for(scope, rotation.handler).use(request, timing._bind(scope).longestHours);
  return { ...config, timing, _awaitsValue: request.content.placeholder };
}
