import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { freePort } from './free-port';
import { Installation } from './installation';
import { OwnedProcess } from './owned-process';

const EMULATOR_LINE = /^(\d+ \w+ \d{4} [\d:,]+ \[\w+\] \(rapid\)|(START|END|REPORT) RequestId:)/;

export interface LambdaRuntimeOptions {
  /** Directory with `index.js`, which exports `handler`. */
  readonly directory: string;
  readonly environment?: Record<string, string>;
  /** Whole seconds. @default 30 */
  readonly functionTimeout?: number;
  /** @default 'rotation' */
  readonly functionName?: string;
  /** @default 'eu-west-1' */
  readonly region?: string;
  /** What the strict guard knows the function by. */
  readonly accessKeyId?: string;
}

export interface InvocationError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: string[];
}

/** A bundled handler under AWS's runtime interface emulator, on Node.js 24. */
export class LambdaRuntime {
  static async start(options: LambdaRuntimeOptions): Promise<LambdaRuntime> {
    const runtime = new LambdaRuntime(options, await freePort(), await freePort());
    try {
      await runtime.process.ready(() => runtime.listens());
      return runtime;
    } catch (error) {
      await runtime.stop();
      throw error;
    }
  }

  private readonly directory = mkdtempSync(path.join(tmpdir(), 'lambda-runtime-'));
  private readonly process: OwnedProcess;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly options: LambdaRuntimeOptions, private readonly port: number, runtimeApiPort: number) {
    this.process = new OwnedProcess(Installation.runtimeEmulator, [
      '--runtime-interface-emulator-address', `127.0.0.1:${port}`,
      '--runtime-api-address', `127.0.0.1:${runtimeApiPort}`,
      Installation.node24, path.join(__dirname, 'runtime-bootstrap.cjs'), 'index.handler',
    ], {
      environment: {
        PATH: '/usr/bin:/bin',
        LAMBDA_TASK_ROOT: path.resolve(options.directory),
        AWS_LAMBDA_FUNCTION_NAME: options.functionName ?? 'rotation',
        AWS_LAMBDA_FUNCTION_TIMEOUT: String(options.functionTimeout ?? 30),
        AWS_REGION: options.region ?? 'eu-west-1',
        AWS_ACCESS_KEY_ID: options.accessKeyId ?? 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'none',
        ...options.environment,
      },
      stopSignal: 'SIGKILL',
      log: path.join(this.directory, 'log'),
      directory: this.directory,
      workingDirectory: this.directory,
    });
  }

  /**
   * Invokes the function and returns what it answers: its result, an {@link InvocationError}, or the text with which Lambda
   * reports a timeout. Invocations wait for each other. Throws where the emulator itself does not answer.
   */
  async invoke<T = unknown>(event: unknown, milliseconds = ((this.options.functionTimeout ?? 30) + 10) * 1000): Promise<T> {
    const turn = this.last.then(() => this.post(event, milliseconds));
    this.last = turn.catch(() => undefined);
    const text = await turn;
    try {
      return JSON.parse(text) as T;
    } catch {
      return text as T;
    }
  }

  /** Everything that the function and the emulator wrote. */
  log(): string {
    return this.process.log;
  }

  /** What the function wrote. */
  output(): string {
    return this.log().split('\n').filter((line) => !EMULATOR_LINE.test(line)).join('\n');
  }

  /** Ends the runtime at once, as an out-of-memory kill does. The next invocation starts a new one. */
  kill(): void {
    this.process.signalChildren('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.process.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async post(event: unknown, milliseconds: number): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}/2015-03-31/functions/function/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(milliseconds),
    });
    return response.text();
  }

  private listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }
}
