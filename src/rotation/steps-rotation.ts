import type { Construct } from 'constructs';
import type { RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { StepsRotationOptions } from './steps-rotation-options';
import type { RotationRequest } from '../rotation-function/private/rotation-request';
import { StepsFunction } from '../rotation-function/private/steps-function';

/** Binds a secret to a function of the user's that was made with the runtime entry. */
export function bindStepsRotation(scope: Construct, request: RotationRequest, rotation: StepsRotationOptions): RotationConfig {
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  return { ...StepsFunction.for(scope, rotation.handler).use(request, timing._bind(scope).longestHours), timing };
}
