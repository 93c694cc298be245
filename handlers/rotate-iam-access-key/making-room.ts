import type { BoundUser } from './bound-user';
import { type KeyPorts, mayBeEnded } from './ending-keys';
import type { KeyHistory } from './key-history';
import type { AccessKey } from './user-access-keys';
import { RotationError } from '../core/rotation-error';

/** AWS takes no more. */
const MAXIMUM_KEYS = 2;

const BY_HAND = 'if nobody needs it, deactivate it with `aws iam update-access-key --status Inactive` and rotate again';

/** The keys of a user before a rotation. */
export interface ExistingKeys {
  readonly user: BoundUser;
  readonly all: readonly AccessKey[];
  /** That of AWSCURRENT, which is never touched. */
  readonly heldId?: string;
}

/** Deletes what nobody can use, and where the user has no room for another key the former one, or says why there is none. */
export async function makeRoom({ user, all, heldId }: ExistingKeys, history: KeyHistory, ports: KeyPorts): Promise<void> {
  const { keys, limits } = ports;
  let count = all.length;
  const remove = async ({ id }: AccessKey): Promise<void> => {
    await keys.delete(user.name, id, limits);
    count -= 1;
  };
  const former: AccessKey[] = [];
  for (const key of all.filter(({ id }) => id !== heldId)) {
    const kind = await history.kindOf(key, keys, limits);
    switch (kind) {
      case 'held':
        // What this attempt knows of the labels is out of date.
        throw new RotationError('conflict', 'another attempt has gone on with the rotation in the meantime');
      case 'orphan':
      case 'abandoned':
        await remove(key);
        break;
      case 'former':
        former.push(key);
        break;
      case 'foreign':
    }
  }
  if (count >= MAXIMUM_KEYS) {
    // One that is inactive is ended already: by the daily audit, or by hand.
    await remove(former.find(({ active }) => !active) ?? await endable(former.at(0), user, history, ports));
  }
}

async function endable(
  key: AccessKey | undefined,
  { binding }: BoundUser,
  history: KeyHistory,
  ports: KeyPorts,
): Promise<AccessKey> {
  if (!key) {
    throw new RotationError('conflict', 'the user has an access key that this secret has never held, and no room for a third: '
      + 'delete that key once nobody uses it, or store it in the secret');
  }
  const worksForHours = binding.formerWorksForHours;
  switch (await mayBeEnded(key, { history, worksForHours }, ports)) {
    case 'yes':
      return key;
    case 'not yet':
      throw new RotationError('conflict', `the former access key is to work for ${worksForHours} hours, which are not over; `
        + BY_HAND);
    case 'in use':
      throw new RotationError('conflict', 'the former access key was used during the last day: its client has to read the secret '
        + `again; ${BY_HAND}`);
  }
}
