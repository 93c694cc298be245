import type { Construct } from 'constructs';
import type { CustomRotationOptions } from './custom-rotation-options';
import type { RotationConfig } from './rotation-config';
import { CustomFunction } from '../rotation-function/private/custom-function';
import type { RotationRequest } from '../rotation-function/private/rotation-request';

/** Binds a secret to a function of the user's. */
export function bindCustomRotation(scope: Construct, request: RotationRequest, rotation: CustomRotationOptions): RotationConfig {
  return { ...CustomFunction.for(scope, rotation.handler).use(request, rotation.permissions ?? []), timing: rotation.timing };
}
