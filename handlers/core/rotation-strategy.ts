import { RotationError } from './rotation-error';
import type { SecretRotation } from './secret-rotation';

/** What a step did. */
export type Outcome = 'done' | 'already done';

/** What differs between kinds of secrets; labels, repetition and recovery of the steps themselves do not. */
export interface RotationStrategy {
  /** Makes the next value of the secret. */
  nextValue(rotation: SecretRotation): Promise<string>;
  /**
   * Makes the next value of a former one, which the rotation is to bring back. Throws where the rotation could not be finished
   * with it.
   */
  formerValue(rotation: SecretRotation, former: string): Promise<string>;
  /** Makes the pending value work where it is used. Repeating it changes nothing. */
  apply(rotation: SecretRotation, pending: string): Promise<Outcome>;
  /** Throws unless the pending value works and is what it should be. */
  prove(rotation: SecretRotation, pending: string): Promise<void>;
  /** Tests a rotation that has not begun: what Secrets Manager asks for where a schedule does not rotate at once. */
  rehearse(rotation: SecretRotation): Promise<void>;
  /**
   * Where two credentials are kept: ends that of AWSPREVIOUS, and never that of AWSCURRENT. Repeating it does no harm. `kept`
   * where AWSPREVIOUS has no credential of its own, or a rotation has begun.
   */
  endFormer?(rotation: SecretRotation): Promise<'ended' | 'kept'>;
}

/** What the deployment says about a secret; a secret that it does not name is not touched. */
export function bindingOf<T extends { readonly secret: string }>(rotation: SecretRotation, bindings: readonly T[]): T {
  const binding = bindings.find(({ secret }) => rotation.isOf(secret));
  if (!binding) {
    throw new RotationError(
      'configuration',
      'the secret is not bound to this function: the deployment decides which secrets it rotates',
    );
  }
  return binding;
}
