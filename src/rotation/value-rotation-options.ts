import type { RotationTiming } from './rotation-timing';
import type { SecretGenerator } from './secret-generator';

/**
 * Properties of a rotation that makes a new value and needs no other system to know it.
 */
export interface ValueRotationOptions {
  /**
   * What each rotation makes. Another generator holds from the next rotation on and leaves the value of today as it is.
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
