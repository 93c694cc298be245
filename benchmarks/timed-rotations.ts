import { readFileSync } from 'node:fs';
import { median } from './result';
import { type RotationBench, STEPS } from '../test/handlers/support/rotation-bench';
import type { RotationFunction } from '../test/handlers/support/rotation-function';

/** A rotation function in a process of its own. */
export interface MeasuredFunction extends RotationFunction {
  readonly pid: number;
}

/** One of those that take turns: it rotates a secret of its own. */
export interface Contender {
  readonly secretArn: string;
  start(): MeasuredFunction;
}

export interface Cost {
  /** Milliseconds from the start of the process until the fourth step has been answered. */
  readonly cold: number;
  /** Milliseconds of the four steps in a process that has rotated before. */
  readonly warm: number;
  /** Milliseconds of processor time, from the start of the process until the fourth step has been answered. */
  readonly processorTime: number;
  /** Peak resident memory of the process, in MiB. */
  readonly peakMemory: number;
}

const WARM_ROTATIONS = 5;
/** Milliseconds in which Linux counts processor time. */
const TICK = 10;

/** Lets the contenders take turns, so that what else the machine does hits all of them alike; returns the median of each. */
export async function takeTurns(bench: RotationBench, contenders: readonly Contender[], rounds: number): Promise<Cost[]> {
  const costs: Cost[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      costs[index].push(await costOf(bench, contender));
    }
  }
  return costs.map((rows) => ({
    cold: median(rows.map(({ cold }) => cold)),
    warm: median(rows.map(({ warm }) => warm)),
    processorTime: median(rows.map(({ processorTime }) => processorTime)),
    peakMemory: median(rows.map(({ peakMemory }) => peakMemory)),
  }));
}

async function costOf(bench: RotationBench, { secretArn, start }: Contender): Promise<Cost> {
  let running: MeasuredFunction | undefined;
  try {
    const cold = await timed(bench, secretArn, () => running = start());
    const rotating = running!;
    const processorTime = processorTimeOf(rotating.pid);
    const warm: number[] = [];
    for (let rotation = 0; rotation < WARM_ROTATIONS; rotation++) {
      warm.push(await timed(bench, secretArn, () => rotating));
    }
    return { cold, warm: median(warm), processorTime, peakMemory: peakMemoryOf(rotating.pid) };
  } finally {
    await running?.stop();
  }
}

/** Milliseconds of the four steps: what Secrets Manager does before it invokes the function is not among them. */
async function timed(bench: RotationBench, secretArn: string, provide: () => MeasuredFunction): Promise<number> {
  // The reference leaves it on the version that it has made current, where it stands in the way of the next rotation here.
  const { AWSPENDING: token } = await bench.labels(secretArn);
  if (token !== undefined) {
    await bench.abandon({ arn: secretArn, token });
  }
  const rotation = await bench.begin(secretArn);
  const startedAt = performance.now();
  const rotating = provide();
  for (const step of STEPS) {
    await bench.step(rotating, rotation, step);
  }
  return performance.now() - startedAt;
}

/** All threads, in user and in system mode. */
function processorTimeOf(pid: number): number {
  // The command's name is in parentheses and may contain spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

function peakMemoryOf(pid: number): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kibibytes) / 1024;
}
