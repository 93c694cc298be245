import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { databaseRotation } from '../../../handlers/database/database-strategy';
import { type HandlerOptions, makeHandler, type RotationHandler } from '../../../handlers/make-handler';
import { RegenerateStrategy } from '../../../handlers/regenerate/regenerate-strategy';
import { cacheUserRotation } from '../../../handlers/rotate-cache-user/cache-user-rotation';
import { DocumentdbTarget } from '../../../handlers/rotate-documentdb/documentdb-target';
import { mysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import { OracleTarget } from '../../../handlers/rotate-oracle/oracle-target';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import { RedshiftTarget } from '../../../handlers/rotate-redshift/redshift-target';
import { SqlserverTarget } from '../../../handlers/rotate-sqlserver/sqlserver-target';
import { type InvocationError, LambdaRuntime } from '../../servers/lambda-runtime';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:rotation';
export const ASSETS = path.resolve(__dirname, '../../../assets');
const STRATEGIES: Record<HandlerName, HandlerOptions['strategy']> = {
  'rotate-cache-user': (parts) => cacheUserRotation(parts),
  'rotate-documentdb': databaseRotation((facts) => new DocumentdbTarget(facts)),
  'rotate-mysql': databaseRotation(mysqlTarget),
  'rotate-oracle': databaseRotation((facts) => new OracleTarget(facts)),
  'rotate-postgresql': databaseRotation((facts) => new PostgresqlTarget(facts)),
  'rotate-redshift': databaseRotation((facts) => new RedshiftTarget(facts)),
  'rotate-sqlserver': databaseRotation((facts) => new SqlserverTarget(facts)),
  'regenerate': ({ facts }) => new RegenerateStrategy(facts.valueBindings),
};

export type HandlerName = 'rotate-cache-user' | 'rotate-documentdb' | 'rotate-mysql' | 'rotate-oracle' | 'rotate-postgresql' | 'rotate-redshift' | 'rotate-sqlserver' | 'regenerate';

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
  public readonly lines: string[] = [];
  private readonly handler: RotationHandler;

  constructor(
    handler: HandlerName, variables: Record<string, string>, private readonly milliseconds = 20_000, options: Partial<HandlerOptions> = {},
  ) {
    this.handler = makeHandler({ strategy: STRATEGIES[handler], variables, write: (line) => this.lines.push(line), ...options });
  }

  public async invoke(event: unknown): Promise<void> {
    const endsAt = Date.now() + this.milliseconds;
    await this.handler(event, { invokedFunctionArn: FUNCTION_ARN, getRemainingTimeInMillis: () => endsAt - Date.now() });
  }

  public output(): string {
    return this.lines.join('\n');
  }

  /** The last line of the log. */
  public get lastLine(): Record<string, unknown> {
    return JSON.parse(this.lines[this.lines.length - 1]) as Record<string, unknown>;
  }

  public async stop(): Promise<void> {
    // Nothing to end.
  }
}

/** What Lambda reports of an invocation that failed. */
export class FunctionError extends Error {
  constructor(public readonly reported: InvocationError | string) {
    super(typeof reported === 'string' ? reported : reported.errorMessage);
  }
}

/** The bundle under the runtime interface emulator. */
export class FunctionInLambda implements RotationFunction {
  public static async start(handler: HandlerName, variables: Record<string, string>, functionTimeout = 30): Promise<FunctionInLambda> {
    const directory = mkdtempSync(path.join(tmpdir(), 'function-'));
    // The emulator has an ARN of its own for every function.
    writeFileSync(path.join(directory, 'index.js'), `
      const { handler } = require(${JSON.stringify(path.join(ASSETS, handler, 'index.js'))});
      exports.handler = (event, context) => handler(event, { ...context, invokedFunctionArn: ${JSON.stringify(FUNCTION_ARN)} });`);
    return new FunctionInLambda(await LambdaRuntime.start({ directory, environment: variables, functionTimeout }), directory);
  }

  private constructor(public readonly runtime: LambdaRuntime, private readonly directory: string) {}

  public async invoke(event: unknown): Promise<void> {
    const answer = await this.runtime.invoke<InvocationError | string | null>(event);
    if (answer !== null) {
      throw new FunctionError(answer);
    }
  }

  public output(): string {
    return this.runtime.output();
  }

  public async stop(): Promise<void> {
    await this.runtime.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
