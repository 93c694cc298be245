import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { Reference } from './installation';
import type { MeasuredFunction } from '../timed-rotations';

export interface ReferenceFunctionOptions {
  /** Directory of the function in the checkout of the reference. */
  readonly directory: string;
  readonly engine: string;
  /** PEM file. */
  readonly authority: string;
  readonly secretsManager: string;
}

/** A rotation function of AWS's own, in Python, in a process of its own. */
export class ReferenceFunction implements MeasuredFunction {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private errors = '';

  constructor({ directory, engine, authority, secretsManager }: ReferenceFunctionOptions) {
    this.child = spawn(Reference.python, [path.join(__dirname, 'runner.py'), directory, authority, engine], {
      env: {
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_EC2_METADATA_DISABLED: 'true',
        SECRETS_MANAGER_ENDPOINT: secretsManager,
      },
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr!.on('data', (chunk) => this.errors += String(chunk));
    this.answers = createInterface(this.child.stdout!)[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.child.pid!;
  }

  async invoke(event: unknown): Promise<void> {
    this.child.stdin!.write(`${JSON.stringify(event)}\n`);
    const { value, done } = await this.answers.next();
    if (done) {
      throw new Error(`the reference ended: ${this.errors}`);
    }
    const { error } = JSON.parse(value) as { error?: string };
    if (error !== undefined) {
      throw new Error(`the reference failed: ${error}`);
    }
  }

  output(): string {
    return this.errors;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
