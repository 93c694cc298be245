import type { KeyHistory } from './key-history';
import type { AccessKey, UserAccessKeys } from './user-access-keys';
import type { CallLimits } from '../aws/signed-requests';
import type { Clock } from '../core/clock';

const HOUR = 3_600_000;
/** For how long nobody must have used a key before it is ended: IAM tells of a use with some delay. */
const UNUSED = 24 * HOUR;

/** What is needed to look after the keys of a user. */
export interface KeyPorts {
  readonly keys: UserAccessKeys;
  readonly clock: Clock;
  readonly limits: CallLimits;
}

/** Whether a former key may be ended: its time is over, and nobody has used it for a day. */
export async function mayBeEnded(
  key: AccessKey,
  { history, worksForHours }: { readonly history: KeyHistory; readonly worksForHours: number },
  { keys, clock, limits }: KeyPorts,
): Promise<'yes' | 'not yet' | 'in use'> {
  if (clock.now() < history.currentSince + worksForHours * HOUR) {
    return 'not yet';
  }
  const usedAt = await keys.lastUsedAt(key.id, limits);
  return usedAt !== undefined && clock.now() - usedAt < UNUSED ? 'in use' : 'yes';
}
