import type { Actions } from './action';
import type { CurrentVersionsOf } from './current-versions';
import type { Memory, Remembered } from './memory';
import type { DueActions } from './rotated-messages';
import type { RotatedActionFacts } from '../../src/contract/rotated-action';
import type { CallLimits } from '../aws/signed-requests';
import type { Clock } from '../core/clock';
import { RotationError } from '../core/rotation-error';

const HOUR = 3_600_000;
/** The pause after an action, doubled by each that follows within an hour. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [20_000, 600_000];
/** For how long something may be in the way of an action, or its failures are tried again, before somebody is told. */
const [PATIENCE, RETRIES] = [3 * HOUR, 300_000];
/** What one action may take; with less time left the rest is put off. */
const RESERVE = 15_000;

export interface AfterRotationPorts {
  readonly actions: Actions;
  readonly memory: Memory;
  readonly current: CurrentVersionsOf;
  readonly clock: Clock;
  readonly limits: CallLimits;
}

/** How it went for one consumer. */
export interface ActionReport {
  readonly facts: RotatedActionFacts;
  readonly outcome: 'begun' | 'current' | 'putOff' | 'failed';
  readonly milliseconds: number;
  /** Since when it is put off, or waits for the first time. */
  readonly since: number;
  readonly error?: RotationError;
}

/**
 * Looks at consumers one after the other, and has each act whose secrets have other versions than when it last did.
 *
 * What counts is what is current now, not what a message says: duplicates, lost messages and a changed order come to the same.
 */
export async function actAfterRotation(due: DueActions, ports: AfterRotationPorts): Promise<ActionReport[]> {
  const { clock, memory, limits } = ports;
  const remembered = due.size === 0 ? new Map<string, Remembered>() : await memory.read(limits);
  const reports: ActionReport[] = [];
  for (const [facts, since = clock.now()] of due) {
    const startedAt = clock.now();
    try {
      const outcome = await act(facts, remembered, ports);
      if (outcome === 'putOff' && startedAt - since > PATIENCE) {
        throw new RotationError('conflict', 'something has been in the way of the action for three hours');
      }
      reports.push({ facts, outcome, since, milliseconds: clock.now() - startedAt });
    } catch (thrown) {
      const outcome = startedAt - since < RETRIES ? 'putOff' : 'failed';
      reports.push({ facts, outcome, since, milliseconds: clock.now() - startedAt, error: RotationError.from(thrown) });
    }
  }
  return reports;
}

async function act(
  facts: RotatedActionFacts, remembered: Map<string, Remembered>, ports: AfterRotationPorts,
): Promise<'begun' | 'current' | 'putOff'> {
  const { clock, limits, current, memory } = ports;
  const former = remembered.get(facts.id);
  if (limits.deadline.remaining() < RESERVE) {
    return 'putOff';
  }
  const now = await current.secrets(facts.secrets);
  if (now.digest === former?.digest) {
    return 'current';
  }
  if (former && clock.now() < former.at + pauseAfter(former)) {
    return 'putOff';
  }
  if (await ports.actions[facts.action](facts, { ...now, formerAt: former?.at }, limits) === 'busy') {
    return 'putOff';
  }
  const row = former && clock.now() - former.at < HOUR ? former.row + 1 : 0;
  remembered.set(facts.id, { digest: now.digest, at: clock.now(), row });
  // After each, so that a killed function repeats one at most.
  await memory.write(remembered, limits);
  return 'begun';
}

function pauseAfter({ row }: Remembered): number {
  return Math.min(FIRST_PAUSE * 2 ** row, LONGEST_PAUSE);
}
