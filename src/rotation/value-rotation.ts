import type { Construct } from 'constructs';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { SecretGenerator } from './secret-generator';
import { ConflictError } from '../core/errors';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/**
 * Properties of a rotation that makes a new value and needs no other system to know it.
 *
 * @example
 * new HardenedSecret(this, 'ApiToken', {
 *   rotation: Rotation.regenerate({ generator: SecretGenerator.apiToken({ prefix: 'acme_' }) }),
 * });
 */
export interface RegenerateOptions {
  /**
   * What each rotation makes. Another generator takes effect at the next rotation and leaves the current value as it is.
   *
   * @default - a random string by the rules of the content's first value
   */
  readonly generator?: SecretGenerator;

  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted
   */
  readonly timing?: RotationTiming;
}

/** Binds a secret to the platform's function that makes new random values and keys. */
export function bindValueRotation(scope: Construct, request: RotationRequest, rotation: RegenerateOptions): RotationConfig {
  const generated = request.content.generated;
  if (!generated) {
    throw new ConflictError(scope, 'the content of the secret was not generated, so it cannot be generated again',
      'use SecretContent.generated() or SecretContent.json(), or say Rotation.none(reason)');
  }
  const rules = rotation.generator?._bind(scope, generated.field) ?? { password: generated.password };
  const binding = { secret: boundNameOf(request, request.functions), field: generated.field, ...rules };
  const rotationFunction = request.functions.forValues({ ...request, binding });
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  return { ...rotationFunction.use(request, timing._bind(scope).longestHours), timing };
}
