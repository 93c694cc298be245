import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { until } from './until';

const STOP_MILLISECONDS = 10_000;

/**
 * Waits for a line or the end of its input. The end without a line means that the test process died, however it died: ends the
 * server and its children, paused or not, and removes the directory.
 */
const REAPER = `
read -r _ && exit 0
for file in /proc/[0-9]*/stat; do
  read -r pid _ _ parent _ < "$file" && [ "$parent" = "$1" ] && children="$children $pid"
done 2>/dev/null
kill -CONT $1 $children 2>/dev/null
kill "-$2" $1 2>/dev/null
waited=0
while kill -0 $1 2>/dev/null && [ $waited -lt 30 ]; do sleep 0.1; waited=$((waited + 1)); done
kill -KILL $1 $children 2>/dev/null
[ -n "$3" ] && rm -rf "$3"
`;

export interface OwnedProcessOptions {
  readonly environment: Record<string, string>;
  readonly stopSignal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
  /** File that standard output and error are appended to. */
  readonly log: string;
  /** Directory that is removed when the test process dies. */
  readonly directory?: string;
  readonly workingDirectory?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** A server process that does not outlive the test process. */
export class OwnedProcess {
  private readonly child: ChildProcess;
  private readonly reaper: Writable;
  private failure?: Error;

  constructor(command: string, args: string[], private readonly options: OwnedProcessOptions) {
    const log = openSync(options.log, 'a');
    this.child = spawn(command, args, {
      env: options.environment,
      cwd: options.workingDirectory,
      uid: options.uid,
      gid: options.gid,
      stdio: ['ignore', log, log],
      // Control-C goes to the test process, which decides; the reaper does the rest.
      detached: true,
    });
    closeSync(log);
    this.child.once('error', (error) => this.failure = error);
    this.child.unref();
    const reaper = spawn(
      'sh',
      ['-c', REAPER, 'reaper', String(this.child.pid ?? 0), options.stopSignal.slice(3), options.directory ?? ''],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
        cwd: '/',
        detached: true,
      },
    );
    reaper.unref();
    this.reaper = reaper.stdin;
    this.reaper.on('error', () => undefined);
    (this.reaper as unknown as { unref(): void }).unref();
    const dismiss = () => this.reaper.end('ended\n');
    this.child.once('exit', dismiss).once('error', dismiss);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get running(): boolean {
    return (
      this.failure === undefined && this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null
    );
  }

  get log(): string {
    return readFileSync(this.options.log, 'utf8');
  }

  /** Waits until the server answers; throws with its log when it ends or stays silent. */
  async ready(condition: () => boolean | Promise<boolean>, milliseconds = 30_000): Promise<void> {
    const ready = await until(async () => !this.running || condition(), milliseconds);
    if (!ready || !this.running) {
      await this.kill();
      // The reason why a program could not be run comes as an event.
      await new Promise((resolve) => setImmediate(resolve));
      const reason = this.failure?.message ?? `ended with ${this.child.exitCode ?? this.child.signalCode}`;
      throw new Error(`${this.child.spawnfile} did not start: ${reason}\n${this.log}`);
    }
  }

  /** Sends a signal to the process and its children. */
  signalTree(signal: NodeJS.Signals): void {
    // A stopped parent starts no more children, and a killed one has none that can be found.
    this.child.kill('SIGSTOP');
    this.signalChildren(signal);
    this.child.kill(signal);
  }

  signalChildren(signal: NodeJS.Signals): void {
    for (const child of this.running ? childrenOf(this.child.pid as number) : []) {
      try {
        process.kill(child, signal);
      } catch {
        // It ended by itself.
      }
    }
  }

  async stop(): Promise<void> {
    if (!this.running) {
      return;
    }
    this.child.ref();
    this.signalTree('SIGCONT');
    this.child.kill(this.options.stopSignal);
    if (!await until(() => !this.running, STOP_MILLISECONDS)) {
      await this.kill();
    }
  }

  async kill(): Promise<void> {
    this.child.ref();
    this.signalTree('SIGKILL');
    await until(() => !this.running, STOP_MILLISECONDS);
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number).filter((pid) => {
    try {
      // The command's name stands in parentheses and may contain spaces.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      return Number(fields[1]) === parent;
    } catch {
      return false;
    }
  });
}
