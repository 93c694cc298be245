import type { Construct } from 'constructs';
import type { RotationBindOptions, RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { ValueRotationOptions } from './value-rotation-options';
import { ConflictError } from '../core/errors';
import { boundNameOf } from '../rotation-function/private/bound-name';
import { rotationContextOf } from '../rotation-function/private/rotation-request';

/** Binds a secret to the platform's function that makes new random values and keys. */
export function bindValueRotation(scope: Construct, options: RotationBindOptions, rotation: ValueRotationOptions): RotationConfig {
  const context = rotationContextOf(scope, options.secret);
  const generated = context.content.generated;
  if (!generated) {
    throw new ConflictError(scope, 'the content of the secret was not generated, so it cannot be generated again',
      'use SecretContent.generated() or SecretContent.json(), or say Rotation.none(reason)');
  }
  const rules = rotation.generator?._bind(scope, generated.field) ?? { password: generated.password };
  const binding = { secret: boundNameOf(context, context.functions), field: generated.field, ...rules };
  const rotationFunction = context.functions.forValues({ ...context, binding });
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  return { ...rotationFunction.use(context, timing._bind(scope).longestHours), timing };
}
