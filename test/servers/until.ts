import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; false when it has not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(15);
  }
  return true;
}
