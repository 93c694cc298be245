import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MILLISECONDS = 2_000;

/** The share of all processors that is in use while the benchmark waits: by others. */
export async function busyShare(): Promise<number> {
  const before = processorTimes();
  await sleep(MILLISECONDS);
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function processorTimes(): { idle: number; all: number } {
  const times = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/\s+/).slice(1, 9).map(Number);
  // Idle, and waiting for a disk.
  return { idle: times[3] + times[4], all: times.reduce((sum, time) => sum + time) };
}
