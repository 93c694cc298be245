import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';
import type { Deadline } from './deadline';
import { begunVersions, versionWith } from './labelled-versions';
import { RotationError } from './rotation-error';
import type { RotationStrategy } from './rotation-strategy';
import { SecretRotation } from './secret-rotation';
import { CURRENT, ENDED, PREVIOUS, type SecretDescription, type SecretStore } from './secret-store';
import { VersionMemory } from './version-memory';

const HOUR = 3_600_000;

/** What ending a former credential needs. */
export interface EndingPorts {
  readonly store: SecretStore;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** For how long the former credential works, where the deployment says so. */
  readonly worksForHours: (secret: SecretDescription) => number | undefined;
  readonly strategy: () => RotationStrategy;
}

/** Ends the credential of AWSPREVIOUS once its time is over; what it finds. */
export async function endFormerCredential(secret: SecretDescription, ports: EndingPorts): Promise<string[]> {
  const hours = ports.worksForHours(secret);
  // A rotation that is under way looks after the credentials itself.
  if (hours === undefined || begunVersions(secret).length > 0) {
    return [];
  }
  const [currentId, previousId, endedId] = [CURRENT, PREVIOUS, ENDED].map((label) => versionWith(secret, label));
  if (currentId !== undefined && currentId === endedId) {
    return ['AWSCURRENT has a credential that was ended: rotate the secret'];
  }
  if (currentId === undefined || previousId === undefined || previousId === endedId) {
    return [];
  }
  const { store, clock, deadline } = ports;
  if (clock.now() < await formerSince(secret, currentId, previousId, store) + hours * HOUR) {
    return [];
  }
  const rotation = new SecretRotation(
    { step: 'setSecret', secretArn: secret.arn, token: randomUUID() },
    secret,
    { store, clock, deadline, memory: new VersionMemory(clock) },
  );
  try {
    if (await ports.strategy().endFormer?.(rotation) !== 'ended') {
      return [];
    }
  } catch (thrown) {
    return [`the former credential could not be ended: ${RotationError.from(thrown).message}`];
  }
  try {
    await store.moveLabel(secret.arn, ENDED, { to: previousId, from: endedId });
    return [];
  } catch (thrown) {
    return [`the former credential has ended, and AWSPREVIOUS could not be marked as such: ${RotationError.from(thrown).message}`];
  }
}

/** Since when clients find another credential than the former one. */
async function formerSince(
  { arn, rotatedAt = 0, changedAt = 0 }: SecretDescription, currentId: string, previousId: string, store: SecretStore,
): Promise<number> {
  const versions = await store.listVersions(arn);
  const [current, previous] = [currentId, previousId]
    // One that is not listed yet is younger than all.
    .map((id) => Math.min(...versions.filter(({ versionId }) => versionId === id).map(({ createdAt }) => createdAt)));
  // Somebody has moved the labels back by hand, and nothing but the last change of the secret tells when.
  const movedAt = current < previous ? changedAt : 0;
  return Math.max(current, rotatedAt, movedAt);
}
