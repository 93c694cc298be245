import type { Construct } from 'constructs';
import type { CustomRotationOptions } from './custom-rotation-options';
import type { RotationBindOptions, RotationConfig } from './rotation-config';
import { CustomFunction } from '../private/custom-function';
import { rotationContextOf } from '../private/rotation-context';

/** Binds a secret to a function of the user's. */
export function bindCustomRotation(scope: Construct, options: RotationBindOptions, rotation: CustomRotationOptions): RotationConfig {
  const context = rotationContextOf(scope, options.secret);
  return { ...CustomFunction.for(scope, rotation.handler).use(context, rotation.permissions ?? []), timing: rotation.timing };
}
