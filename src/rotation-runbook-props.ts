import type { RunbookApproval } from './runbook/runbook-approval';
import type { SecretsPlatform } from './secrets-platform';

/**
 * Properties of {@link RotationRunbook}.
 */
export interface RotationRunbookProps {
  /**
   * The platform whose secrets it is for: those that functions of the platform rotate.
   *
   * @default - the platform of the secrets of the stack that name none
   */
  readonly platform?: SecretsPlatform;

  /**
   * The agreement that is needed before anything is changed. Labels are shown without.
   *
   * @default - whoever may start it may change what it changes
   */
  readonly approval?: RunbookApproval;
}
