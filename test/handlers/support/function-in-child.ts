import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { ASSETS } from './function-in-lambda';
import { FUNCTION_ARN, type HandlerName, type RotationFunction } from './rotation-function';
import { Installation } from '../../servers/installation';

const RUNNER = path.join(__dirname, 'bundle-runner.cjs');

/** The bundle in a process of its own, on Node.js 24: what can be killed at a point of the test's choice. */
export class FunctionInChild implements RotationFunction {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private written = '';

  /**
   * @param handler the name of a bundle of ours, or the folder of another one
   * @param launcher the beginning of a command that becomes the process
   */
  constructor(handler: HandlerName | `/${string}`, variables: Record<string, string>, launcher: readonly string[] = []) {
    const [command, ...options] = [
      ...launcher, Installation.node24, RUNNER, path.resolve(ASSETS, handler, 'index.js'), FUNCTION_ARN,
    ];
    this.child = spawn(command, options, {
      env: variables,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.ended = once(this.child, 'exit');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => this.written += String(chunk));
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The signal that ended the process. */
  get signal(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  /** One invocation at a time. Rejects with the error of the handler, or if the process ends without an answer. */
  async invoke(event: unknown): Promise<void> {
    const answered = once(this.child, 'message').then(([answer]) => answer as { error?: string });
    const ended = this.ended.then(() => ({
      error: `the process ended: ${this.child.signalCode ?? this.child.exitCode}\n${this.written}`,
    }));
    this.child.send(event as object);
    const { error } = await Promise.race([answered, ended]);
    if (error !== undefined) {
      throw new Error(error);
    }
  }

  output(): string {
    return this.written;
  }

  /** Ends the process at once and waits until it is gone, so that nothing more can come from it. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<void> {
    await this.kill();
  }
}
