import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from './deployment';
import type { Narration } from './narration';
import type { Outcome } from './outcome';
import { type LabelledVersion, readLabels } from './secret-labels';

/** Rows of logins that a demonstration shows, about. */
const ROWS = 15;
const PROGRESS_MILLISECONDS = 200;

export type Turns = Pick<Outcome, 'rotations' | 'healed'>;

/** Rotates while the application runs, at equal distances; in the last rotation the function is killed. */
export async function takeTurns(narration: Narration, { example, driver }: Deployment, seconds: number): Promise<Turns> {
  const { schedule, others: [other] } = example;
  const startedAt = performance.now();
  const now = (): number => (performance.now() - startedAt) / 1000;
  const labels = async (): Promise<LabelledVersion[]> => readLabels(example.client, schedule.secretArn);
  const user = async (): Promise<string> => (await labels())[0].username;
  const rows = setInterval(() => narration.row(now()), seconds / ROWS * 1000);
  const progress = setInterval(() => narration.progress(now(), seconds), PROGRESS_MILLISECONDS);
  const turns = [schedule, other, schedule, schedule];
  /** Until the next turn, counted from the end of the last one. */
  const pause = async (turnsLeft: number): Promise<unknown> => sleep(Math.max(0, seconds - now()) / (turnsLeft + 1) * 1000);
  try {
    for (const [index, turn] of turns.entries()) {
      await pause(turns.length - index + 2);
      const took = await driver.rotate(turn);
      const means = turn === schedule ? { user: await user() } : {};
      narration.rotated(example.nameOf(turn), took, { at: now(), ...means });
    }
    await pause(2);
    const killed = await driver.kill(schedule);
    const left = await labels();
    narration.killed(example.nameOf(schedule), killed, now(), left);
    await pause(1);
    const took = await driver.tryAgain(schedule, killed);
    const [current] = await labels();
    narration.healed(took, now(), current.username);
    await pause(0);
    narration.row(now());
    return {
      rotations: turns.filter((turn) => turn === schedule).length + 1,
      healed: current.versionId === killed.token && (await labels()).every((version) => !version.labels.includes('AWSPENDING')),
    };
  } finally {
    clearInterval(rows);
    clearInterval(progress);
  }
}
