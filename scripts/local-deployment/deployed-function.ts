import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { DeclaredFunction } from './template-applier';
import { TemporaryFolder } from './temporary-folder';
import { type InvocationError, LambdaRuntime } from '../../test/servers/lambda-runtime';

/** What Lambda gives a function whose template names none, in seconds. */
const DEFAULT_TIMEOUT = 3;

/**
 * One instance of a function of a template, under AWS's Lambda runtime interface emulator, with the code that the CDK would
 * upload.
 */
export class DeployedFunction {
  /** `substitutes` are variables that the emulator needs in place of the template's. */
  static async start(
    declared: DeclaredFunction, substitutes: Readonly<Record<string, string>>, timeout = declared.timeout ?? DEFAULT_TIMEOUT,
  ): Promise<DeployedFunction> {
    const [file, name] = declared.handler.split('.');
    const folder = new TemporaryFolder('deployed-function-');
    // The emulator invokes every function by an ARN of its own, and loads CommonJS alone. What does not load fails the first
    // call.
    writeFileSync(path.join(folder.path, 'index.js'), `
      const { existsSync } = require('node:fs');
      const source = ['js', 'cjs', 'mjs']
        .map((extension) => ${JSON.stringify(path.join(declared.asset, file))} + '.' + extension)
        .find(existsSync);
      const loaded = import(source);
      loaded.catch(() => undefined);
      exports.handler = async (event, context) => {
        const { default: common, ...exported } = await loaded;
        const handler = { ...common, ...exported }[${JSON.stringify(name)}];
        return handler(event, { ...context, invokedFunctionArn: ${JSON.stringify(declared.arn)} });
      };`);
    const environment = { ...declared.environment, ...substitutes };
    const runtime = await LambdaRuntime.start({
      directory: folder.path, environment, functionTimeout: timeout, functionName: declared.name, region: declared.region,
    });
    return new DeployedFunction(declared.logicalId, runtime, folder);
  }

  private constructor(
    private readonly logicalId: string,
    private readonly runtime: LambdaRuntime,
    private readonly folder: TemporaryFolder,
  ) {}

  /** What the function answers; throws what Lambda would report. */
  async invoke<T>(event: unknown): Promise<T> {
    const answer = await this.runtime.invoke<T | InvocationError | string>(event);
    if (typeof answer === 'string' || (answer !== null && typeof answer === 'object' && 'errorType' in answer)) {
      throw new Error(
        `${this.logicalId}: ${typeof answer === 'string' ? answer : `${answer.errorType}: ${answer.errorMessage}`}`,
      );
    }
    return answer;
  }

  /** Ends it in the middle of what it does, as Lambda does where memory runs out. The next call finds a new one. */
  kill(): void {
    this.runtime.kill();
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    this.folder.remove();
  }
}
