import type { RotatedActionFacts, RotatedActionName } from '../../src/contract/rotated-action';
import type { CallLimits } from '../aws/signed-requests';

/** The versions of a consumer's secrets that are current now. */
export interface CurrentVersions {
  /** The same for the same versions of the same secrets. */
  readonly digest: string;
  readonly versions: readonly { readonly secret: string; readonly versionId: string }[];
}

/** What is acted for: what is current now, and when the consumer last acted. */
export interface Occasion extends CurrentVersions {
  /** Milliseconds since the epoch: of attempts at the same, it is the same. @default - it never has, as far as is remembered */
  readonly formerAt?: number;
}

/** Whether something was begun, or has to wait for what is going on already. */
export type ActionOutcome = 'begun' | 'busy';

/** Has one consumer take up the current versions. Doing it twice for the same versions does no harm. */
export type Action = (facts: RotatedActionFacts, occasion: Occasion, limits: CallLimits) => Promise<ActionOutcome>;

/** Every action, by its name. */
export type Actions = Readonly<Record<RotatedActionName, Action>>;
