import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { FUNCTION_ARN, type HandlerName, type RotationFunction } from './rotation-function';
import { type InvocationError, LambdaRuntime } from '../../servers/lambda-runtime';

export const ASSETS = path.resolve(__dirname, '../../../assets');

/** What Lambda reports of an invocation that failed. */
export class FunctionError extends Error {
  constructor(readonly reported: InvocationError | string) {
    super(typeof reported === 'string' ? reported : reported.errorMessage);
  }
}

/** The bundle under the runtime interface emulator. */
export class FunctionInLambda implements RotationFunction {
  static async start(handler: HandlerName, variables: Record<string, string>, functionTimeout = 30): Promise<FunctionInLambda> {
    const directory = mkdtempSync(path.join(tmpdir(), 'function-'));
    // The emulator has an ARN of its own for every function.
    writeFileSync(
      path.join(directory, 'index.js'),
      `
      const { handler } = require(${JSON.stringify(path.join(ASSETS, handler, 'index.js'))});
      exports.handler = (event, context) => handler(event, { ...context, invokedFunctionArn: ${JSON.stringify(FUNCTION_ARN)} });`,
    );
    return new FunctionInLambda(await LambdaRuntime.start({ directory, environment: variables, functionTimeout }), directory);
  }

  private constructor(readonly runtime: LambdaRuntime, private readonly directory: string) {}

  async invoke(event: unknown): Promise<void> {
    const answer = await this.runtime.invoke<InvocationError | string | null>(event);
    if (answer !== null) {
      throw new FunctionError(answer);
    }
  }

  output(): string {
    return this.runtime.output();
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
