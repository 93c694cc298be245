import type { RotationTiming } from './rotation-timing';

/**
 * Properties of a rotation that makes a new value and needs no other system to know it.
 */
export interface ValueRotationOptions {
  /**
   * When the secret rotates.
   *
   * @default - every 30 days, and once as soon as the schedule is created unless the secret is adopted
   */
  readonly timing?: RotationTiming;
}
