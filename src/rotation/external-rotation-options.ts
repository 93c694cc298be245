import type { RotationTiming } from './rotation-timing';

/**
 * Properties of a rotation that Secrets Manager carries out at a partner of AWS.
 */
export interface ExternalRotationOptions {
  /**
   * When the secret rotates. Where the partner's credentials expire, more often than that.
   *
   * @default - every 30 days, and once as soon as the schedule is created
   */
  readonly timing?: RotationTiming;
}
