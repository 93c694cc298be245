import type { Construct } from 'constructs';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { ValueRotationOptions } from './value-rotation-options';
import { ConflictError } from '../core/errors';
import { boundNameOf } from '../rotation-function/private/binding';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/** Binds a secret to the platform's function that makes new random values and keys. */
export function bindValueRotation(scope: Construct, request: RotationRequest, rotation: ValueRotationOptions): RotationConfig {
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
