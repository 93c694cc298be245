import type { RotatedActionFacts, RotatedActionName } from '../../src/contract/rotated-action';
import type { CallLimits } from '../aws/signed-requests';

/** The versions of a consumer's secrets that are current now. */
export interface CurrentVersions {
  /** The same for the same versions of the same secrets. */
  readonly digest: string;
  readonly versions: readonly { readonly secret: string; readonly versionId: string }[];
}

/** Whether something was begun, or has to wait for what is going on already. */
export type ActionOutcome = 'begun' | 'busy';

/** Has one consumer take up the current versions. Doing it twice for the same versions does no harm. */
export type Action = (facts: RotatedActionFacts, current: CurrentVersions, limits: CallLimits) => Promise<ActionOutcome>;

/** Every action, by its name. */
export type Actions = Readonly<Record<RotatedActionName, Action>>;
