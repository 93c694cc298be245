import type { Construct } from 'constructs';
import type { RotationBindOptions, RotationConfig } from './rotation-config';
import { RotationTiming } from './rotation-timing';
import type { StepsRotationOptions } from './steps-rotation-options';
import { rotationContextOf } from '../rotation-function/private/rotation-request';
import { StepsFunction } from '../rotation-function/private/steps-function';

/** Binds a secret to a function of the user's that was made with the runtime entry. */
export function bindStepsRotation(scope: Construct, options: RotationBindOptions, rotation: StepsRotationOptions): RotationConfig {
  const context = rotationContextOf(scope, options.secret);
  const timing = rotation.timing ?? RotationTiming._DEFAULT;
  return { ...StepsFunction.for(scope, rotation.handler).use(context, timing._bind(scope).longestHours), timing };
}
