import { checkBringsBack, formerValue, rollBackLabel } from './former-value';
import { isSameFunction } from './function-arn';
import { RotationError } from './rotation-error';
import type { RotationEvent } from './rotation-event';
import type { Outcome, RotationStrategy } from './rotation-strategy';
import { type RotationPorts, SecretRotation } from './secret-rotation';
import { CURRENT, ENDED, type LabelMove, PENDING, type SecretDescription } from './secret-store';
import { ROTATION_MARKER_TAG } from '../../src/contract/environment';

/** Runs one step. What an earlier attempt did, wherever it was killed, is found and not done again. */
export async function runStep(
  event: RotationEvent,
  strategy: RotationStrategy,
  functionArn: string,
  ports: RotationPorts,
): Promise<Outcome> {
  const description = await ports.store.describe(event.secretArn);
  checkSecret(description, functionArn);
  const rotation = new SecretRotation(event, description, ports);
  const labels = description.versions.get(event.token);
  if (labels === undefined) {
    throw new RotationError('conflict', 'the secret has no version with the token of the event');
  }
  if (labels.includes(CURRENT)) {
    return event.step === 'finishSecret' ? finishMoved(rotation) : 'already done';
  }
  if (!labels.includes(PENDING)) {
    throw new RotationError('conflict', 'the version has no AWSPENDING: the rotation was cancelled');
  }
  switch (event.step) {
    case 'createSecret':
      return create(rotation, strategy);
    case 'setSecret':
      return strategy.apply(rotation, await existing(rotation));
    case 'testSecret':
      return test(rotation, strategy);
    case 'finishSecret':
      return finish(rotation, strategy);
  }
}

function checkSecret(description: SecretDescription, functionArn: string): void {
  if (!description.tagKeys.includes(ROTATION_MARKER_TAG)) {
    throw new RotationError('configuration', `the secret has no tag ${ROTATION_MARKER_TAG}: it was not made for this function`);
  }
  if (description.deletedAt !== undefined) {
    throw new RotationError('conflict', 'the secret is scheduled for deletion');
  }
  if (description.rotationEnabled === false) {
    throw new RotationError('conflict', 'rotation of the secret is switched off');
  }
  if (description.rotationFunctionArn !== undefined && !isSameFunction(description.rotationFunctionArn, functionArn)) {
    throw new RotationError('configuration', 'the secret is rotated by another function');
  }
}

async function create(rotation: SecretRotation, strategy: RotationStrategy): Promise<Outcome> {
  const outcome = await rotation.putPending(await formerValue(rotation, strategy) ?? await strategy.nextValue(rotation));
  return outcome === 'stored' ? 'done' : 'already done';
}

async function test(rotation: SecretRotation, strategy: RotationStrategy): Promise<Outcome> {
  const pending = await rotation.pending();
  if (pending === undefined) {
    await strategy.rehearse(rotation);
    return 'done';
  }
  await prove(rotation, strategy, pending);
  rotation.markTested();
  return 'done';
}

async function finish(rotation: SecretRotation, strategy: RotationStrategy): Promise<Outcome> {
  if (!rotation.isTested) {
    // Another process may have tested it, or nobody: whoever can invoke the function can ask for this step alone.
    await prove(rotation, strategy, await existing(rotation));
  }
  const from = rotation.versionWith(CURRENT);
  if (from !== undefined && rotation.labels(from).includes(ENDED)) {
    // Somebody has made it current again: as the former one of two, its credential works again, and has to be ended again.
    await rotation.moveLabel(ENDED, { from });
  }
  await move(rotation, CURRENT, { to: rotation.token, from }, (now) => now.labels().includes(CURRENT));
  return finishMoved(rotation, 'done');
}

async function prove(rotation: SecretRotation, strategy: RotationStrategy, pending: string): Promise<void> {
  await checkBringsBack(rotation, pending);
  await strategy.prove(rotation, pending);
}

async function finishMoved(rotation: SecretRotation, outcome: Outcome = 'already done'): Promise<Outcome> {
  const asked = rollBackLabel(rotation);
  const former = rotation.versionWith(asked);
  if (former !== undefined) {
    await move(rotation, asked, { from: former }, (now) => now.versionWith(asked) === undefined);
  }
  if (rotation.labels().includes(PENDING)) {
    await move(rotation, PENDING, { from: rotation.token }, (now) => !now.labels().includes(PENDING));
  }
  rotation.forget();
  return outcome;
}

/** Moves a label; where a lost answer makes the retry fail, what counts is where the label is. */
async function move(
  rotation: SecretRotation,
  label: string,
  labelMove: LabelMove,
  reached: (now: SecretRotation) => boolean,
): Promise<void> {
  try {
    await rotation.moveLabel(label, labelMove);
  } catch (thrown) {
    const error = RotationError.from(thrown);
    // What cannot be looked at has not moved: the first error says more.
    if (error.errorClass !== 'conflict' || !reached(await rotation.refreshed().catch(() => rotation))) {
      throw error;
    }
  }
}

async function existing(rotation: SecretRotation): Promise<string> {
  const pending = await rotation.pending();
  if (pending === undefined) {
    throw new RotationError('conflict', 'the pending version has no value: createSecret comes first');
  }
  return pending;
}
