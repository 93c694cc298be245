import { RotationError } from './rotation-error';
import type { RotationStrategy } from './rotation-strategy';
import type { SecretRotation } from './secret-rotation';
import { PREVIOUS } from './secret-store';
import { ROLL_BACK } from '../../src/contract/roll-back';

/** The staging label that asks this rotation, and no other, to bring back the value of the version that has it. */
export function rollBackLabel({ token }: SecretRotation): string {
  return `${ROLL_BACK}${token}`;
}

/**
 * The next value of a rotation that is to bring the former one back; `undefined` for any other.
 *
 * A value that cannot be brought back ends the rotation: what Secrets Manager tries again must not make a new one instead.
 */
export async function formerValue(rotation: SecretRotation, strategy: RotationStrategy): Promise<string | undefined> {
  const versionId = rotation.versionWith(rollBackLabel(rotation));
  if (versionId === undefined) {
    return undefined;
  }
  try {
    return await strategy.formerValue(rotation, await valueToBringBack(rotation, versionId));
  } catch (thrown) {
    const error = RotationError.from(thrown);
    throw error.errorClass === 'configuration'
      ? await rotation.drop(`the former value cannot be brought back: ${error.text}`)
      : error;
  }
}

/** Ends a rotation that has nothing to bring back any more: of AWSCURRENT's own value strategies prove nothing. */
export async function checkBringsBack(rotation: SecretRotation, pending: string): Promise<void> {
  if (rotation.versionWith(rollBackLabel(rotation)) !== undefined && pending === await rotation.current()) {
    throw await rotation.drop('AWSCURRENT has the former value by now');
  }
}

async function valueToBringBack(rotation: SecretRotation, versionId: string): Promise<string> {
  if (!rotation.labels(versionId).includes(PREVIOUS)) {
    throw new RotationError('configuration', 'the version that is asked for is not AWSPREVIOUS any more');
  }
  const former = await rotation.value(versionId);
  if (former === undefined) {
    throw new RotationError('configuration', 'AWSPREVIOUS has no value, or it is binary');
  }
  if (former === await rotation.current()) {
    throw new RotationError('configuration', 'AWSPREVIOUS has the value of AWSCURRENT');
  }
  return former;
}
