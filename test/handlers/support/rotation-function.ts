import { type HandlerOptions, makeHandler, type RotationHandler } from '../../../handlers/make-handler';

/** Milliseconds that a function has, unless a test says otherwise. */
export const FUNCTION_LIMIT = 20_000;
export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:rotation';

export type HandlerName =
  | 'rotate-cache-user'
  | 'rotate-documentdb'
  | 'rotate-iam-access-key'
  | 'rotate-ldap'
  | 'rotate-mysql'
  | 'rotate-oracle'
  | 'rotate-postgresql'
  | 'rotate-redis'
  | 'rotate-redshift'
  | 'rotate-sqlserver'
  | 'regenerate';

/** A rotation function, wherever it runs. */
export interface RotationFunction {
  /** Rejects with what Lambda would report. */
  invoke(event: unknown): Promise<void>;
  /** Everything that it wrote. */
  output(): string;
  stop(): Promise<void>;
}

/** The handler in this process: quick, and seen by the coverage. A new one is a new process as far as memory goes. */
export class FunctionInProcess implements RotationFunction {
  readonly lines: string[] = [];
  private readonly handler: RotationHandler;

  constructor(options: Omit<HandlerOptions, 'write'>, private readonly milliseconds = FUNCTION_LIMIT) {
    this.handler = makeHandler({ ...options, write: (line) => this.lines.push(line) });
  }

  async invoke(event: unknown, invokedFunctionArn = FUNCTION_ARN): Promise<void> {
    const endsAt = Date.now() + this.milliseconds;
    await this.handler(event, { invokedFunctionArn, getRemainingTimeInMillis: () => endsAt - Date.now() });
  }

  output(): string {
    return this.lines.join('\n');
  }

  /** The last line of the log. */
  get lastLine(): Record<string, unknown> {
    return JSON.parse(this.lines[this.lines.length - 1]) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    // Nothing to end.
  }
}
