import type { RotationHandler, RotationSteps } from './rotation-steps';
import { StepsStrategy } from './steps-strategy';
import { makeHandler } from '../make-handler';

export {
  type PendingRotationContext, type RotationContext,
  RotationFailure, type RotationFailureClass, type RotationHandler, type RotationSteps,
  type SecretVersion,
} from './rotation-steps';

/**
 * Makes a rotation function of what is yours, for `Rotation.steps()`: export it as the handler of the Lambda function.
 *
 * It checks the event, rotates no secret but those that the deployment names, keeps to the labels, repeats nothing that was done,
 * writes one line of log for each step, and audits once a day.
 */
export function rotationHandler(steps: RotationSteps): RotationHandler {
  return makeHandler({ strategy: (facts) => new StepsStrategy(facts.stepsBindings, steps) });
}
