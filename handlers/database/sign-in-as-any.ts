import {
  type Credentials, type CredentialSession, type CredentialTarget, PasswordOver, SignInRefused,
} from './credential-target';
import { signIn } from './database-ports';
import { newestOf } from './newest-version';
import { RotationError } from '../core/rotation-error';
import type { SecretRotation } from '../core/secret-rotation';
import { CURRENT, PREVIOUS, type VersionSummary } from '../core/secret-store';

const MAXIMUM_LOGINS = 3;
const EVEN_CHANCE = 0.5;

/** A version whose login may be the one that works. */
export interface Candidate {
  readonly versionId: string;
  readonly credentials: Credentials;
}

export interface Candidates {
  /** Absent where AWSCURRENT does not say which database it is for. */
  readonly current?: Credentials;
  readonly pending: Credentials;
  /** The version that says which database it is for where AWSCURRENT does not. */
  readonly origin?: Candidate;
  /** Reads another version; `undefined` where it is not for the same user of the same database. */
  readonly other: (versionId: string) => Promise<Candidate | undefined>;
}

export interface SignedIn {
  readonly candidate: Candidate;
  readonly session: CredentialSession;
}

/**
 * Signs in with the version that works, the likeliest first.
 *
 * A refusal costs as much as a login and is in the server's log, so there are few. The first may tell which version the
 * database's password was set for, labelled or not; then that one is next and nothing is guessed.
 */
export async function signInAsAny(target: CredentialTarget, rotation: SecretRotation, candidates: Candidates): Promise<SignedIn> {
  const itself: Candidate = { versionId: rotation.token, credentials: candidates.pending };
  const first: Candidate = candidates.current
    ? { versionId: rotation.versionWith(CURRENT)!, credentials: candidates.current }
    : itself;
  let queue = [first];
  for (let logins = 1; ; logins++) {
    const candidate = queue.shift()!;
    try {
      return { candidate, session: await signIn(target, candidate.credentials, rotation) };
    } catch (thrown) {
      if (!(thrown instanceof SignInRefused) || thrown instanceof PasswordOver) {
        throw thrown;
      }
      if (logins === 1) {
        queue = (await fallbacks(rotation, itself, candidates, thrown)).filter(({ versionId }) => versionId !== first.versionId);
      }
      if (queue.length === 0 || logins === MAXIMUM_LOGINS) {
        throw new RotationError('authentication', `none of the secret's versions signs in, ${logins} tried`, thrown.code);
      }
    }
  }
}

async function fallbacks(
  rotation: SecretRotation, itself: Candidate, { other, origin }: Candidates, { wasSetFor }: SignInRefused,
): Promise<Candidate[]> {
  const previousId = rotation.versionWith(PREVIOUS);
  const previous = previousId === undefined ? undefined : await other(previousId);
  if (wasSetFor?.(itself.versionId)) {
    return present(itself, previous);
  }
  if (previous && wasSetFor?.(previous.versionId)) {
    return [previous];
  }
  const versions = await rotation.versions();
  const left = wasSetFor ? versions.filter(({ versionId }) => wasSetFor(versionId)) : abandonedOf(rotation, versions);
  const abandoned = await newestOf(left, other) ?? origin;
  if (wasSetFor) {
    return present(abandoned, previous, itself);
  }
  // Three logins are too few for both, and neither is known to be likelier: the next attempt tries the other.
  return present(itself, ...rotation.clock.random() < EVEN_CHANCE ? [previous, abandoned] : [abandoned, previous]);
}

/** The versions without a label that are newer than the current one, of abandoned rotations; some have no value. */
function abandonedOf(rotation: SecretRotation, versions: VersionSummary[]): VersionSummary[] {
  const currentId = rotation.versionWith(CURRENT);
  const currentSince = versions.find(({ versionId }) => versionId === currentId)?.createdAt ?? 0;
  return versions.filter(({ versionId, createdAt }) => rotation.labels(versionId).length === 0 && createdAt >= currentSince);
}

function present(...candidates: (Candidate | undefined)[]): Candidate[] {
  return candidates.filter((candidate) => candidate !== undefined)
    .filter(({ versionId }, index, all) => all.findIndex((other) => other.versionId === versionId) === index);
}
