import { AccessKeySecret } from './access-key-secret';
import type { AccessKey, UserAccessKeys } from './user-access-keys';
import type { AccessKeyBinding } from '../../src/contract/access-key-binding';
import type { CallLimits } from '../aws/signed-requests';
import { CURRENT, PENDING, PREVIOUS, type VersionSummary } from '../core/secret-store';

const SECOND = 1_000;
/** The longest that AWS Lambda runs a function: what the first attempt of a rotation has made is no older than that. */
const LONGEST_ATTEMPT = 15 * 60 * SECOND;

/**
 * What a key of the user is to the secret.
 *
 * `held`: AWSCURRENT or AWSPENDING has it. `former`: clients may hold it. `abandoned`: made by a rotation that was given up
 * before anybody could read it. `orphan`: made by an attempt that was killed before it could store it, so that nobody knows its
 * secret. `foreign`: the secret never had it.
 */
export type KeyKind = 'held' | 'former' | 'abandoned' | 'orphan' | 'foreign';

/** Where the versions of a secret are read. */
export interface StoredVersions {
  versions(): Promise<VersionSummary[]>;
  value(versionId: string): Promise<string | undefined>;
}

/** What the versions of a secret tell about the keys of its user. */
export class KeyHistory {
  static async read(stored: StoredVersions, binding: AccessKeyBinding): Promise<KeyHistory> {
    const versions = await stored.versions();
    return new KeyHistory(stored, binding, [...versions].sort((one, other) => other.createdAt - one.createdAt));
  }

  private constructor(
    private readonly stored: StoredVersions,
    private readonly binding: AccessKeyBinding,
    private readonly newestFirst: readonly VersionSummary[],
  ) {}

  /** When the version that clients read was made: since then the one before it is former. Never, where there is none. */
  get currentSince(): number {
    return Math.min(...this.newestFirst.filter(({ labels }) => labels.includes(CURRENT)).map(({ createdAt }) => createdAt));
  }

  async kindOf(key: AccessKey, keys: UserAccessKeys, limits: CallLimits): Promise<KeyKind> {
    for (const { versionId, labels } of this.newestFirst) {
      const text = await this.stored.value(versionId);
      if (text !== undefined && AccessKeySecret.idIn(text, this.binding) === key.id) {
        if (labels.includes(CURRENT) || labels.includes(PENDING)) {
          return 'held';
        }
        return labels.includes(PREVIOUS) || key.createdAt < wholeSeconds(this.currentSince) ? 'former' : 'abandoned';
      }
    }
    return await this.isOrphan(key) && await keys.lastUsedAt(key.id, limits) === undefined ? 'orphan' : 'foreign';
  }

  /** Whether a rotation had just begun when the key was made, and has stored nothing. */
  private async isOrphan({ createdAt }: AccessKey): Promise<boolean> {
    const begun = this.newestFirst.find((version) => wholeSeconds(version.createdAt) < createdAt);
    return begun !== undefined && createdAt - begun.createdAt < LONGEST_ATTEMPT
      && await this.stored.value(begun.versionId) === undefined;
  }
}

/** IAM tells times in whole seconds. A rotation makes its key in a later second than it begins, so that they can be compared. */
function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / SECOND) * SECOND;
}
