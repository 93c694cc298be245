import { AccessKeySecret } from './access-key-secret';
import { BoundUser } from './bound-user';
import { mayBeEnded } from './ending-keys';
import { KeyHistory, type StoredVersions } from './key-history';
import type { UserAccessKeys } from './user-access-keys';
import type { AccessKeyBinding } from '../../src/contract/access-key-binding';
import type { Clock } from '../core/clock';
import { begunVersions } from '../core/labelled-versions';
import { CURRENT } from '../core/secret-store';
import type { DailyDuty } from '../make-handler';

export interface EndingOptions {
  readonly bindings: readonly AccessKeyBinding[];
  readonly keys: UserAccessKeys;
  readonly clock: Clock;
}

/** Deactivates former keys whose time is over, and reports those that somebody still uses. The next rotation deletes them. */
export function endFormerKeys({ bindings, keys, clock }: EndingOptions): DailyDuty {
  return async (secret, { store, deadline }) => {
    const binding = bindings.find((bound) => [secret.arn, secret.name].includes(bound.secret));
    // A rotation looks after the keys itself.
    if (!binding || begunVersions(secret).length > 0) {
      return [];
    }
    const stored: StoredVersions = {
      versions: async () => store.listVersions(secret.arn),
      value: async (versionId) => (await store.read(secret.arn, { versionId }))?.text,
    };
    const limits = { deadline, patient: false };
    const user = new BoundUser(binding);
    const text = (await store.read(secret.arn, { label: CURRENT }))?.text;
    const heldId = text === undefined ? undefined : AccessKeySecret.idIn(text, binding);
    if (heldId === undefined) {
      return [];
    }
    const all = await keys.list(user.name, limits);
    if (!all.some(({ id, active }) => id === heldId && active)) {
      return ['AWSCURRENT has an access key that is deleted, inactive or not the user\'s'];
    }
    const findings: string[] = [];
    for (const key of all.filter(({ id, active }) => id !== heldId && active)) {
      const history = await KeyHistory.read(stored, binding);
      if (await history.kindOf(key, keys, limits) !== 'former') {
        continue;
      }
      const answer = await mayBeEnded(
        key, { history, worksForHours: binding.formerWorksForHours }, { keys, clock, limits },
      );
      if (answer === 'yes') {
        await keys.deactivate(user.name, key.id, limits);
      } else if (answer === 'in use') {
        findings.push(
          'the former access key was used during the last day and stays active: its client has to read the secret again',
        );
      }
    }
    return findings;
  };
}
