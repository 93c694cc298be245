import type { Construct } from 'constructs';
import type { CustomRotationOptions } from './custom-rotation-options';
import type { RotationBindOptions, RotationConfig } from './rotation-config';
import { CustomFunction } from '../rotation-function/private/custom-function';
import { rotationContextOf } from '../rotation-function/private/rotation-request';

/** Binds a secret to a function of the user's. */
export function bindCustomRotation(scope: Construct, options: RotationBindOptions, rotation: CustomRotationOptions): RotationConfig {
  const context = rotationContextOf(scope, options.secret);
  return { ...CustomFunction.for(scope, rotation.handler).use(context, rotation.permissions ?? []), timing: rotation.timing };
}
