import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type InvocationError, LambdaRuntime } from './lambda-runtime';
import { requireServer } from './require-server';
import { until } from './until';

requireServer('lambda-runtime')('Lambda runtime', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'handler-'));
  let runtime: LambdaRuntime;

  beforeAll(async () => {
    writeFileSync(path.join(directory, 'index.js'), `
      exports.handler = async (event, context) => {
        console.log('asked for ' + event.task);
        if (event.task === 'fail') throw Object.assign(new TypeError('It failed.'), { detail: 'a detail' });
        if (event.task === 'wait') await new Promise((resolve) => setTimeout(resolve, 10000));
        return {
          node: process.version,
          greeting: process.env.GREETING,
          name: context.functionName,
          left: context.getRemainingTimeInMillis(),
        };
      };`);
    runtime = await LambdaRuntime.start({ directory, environment: { GREETING: 'hello' }, functionTimeout: 1 });
  });

  afterAll(async () => {
    await runtime.stop();
    rmSync(directory, { recursive: true });
  });

  test('runs a handler on Node.js 24', async () => {
    const result = await runtime.invoke<{ left: number }>({ task: 'answer' });
    expect(result).toMatchObject({ node: expect.stringMatching(/^v24\./), greeting: 'hello', name: 'rotation' });
    expect(result.left).toBeGreaterThan(0);
    expect(runtime.output().trim()).toBe('asked for answer');
  });

  test('reports an error and logs what is on it', async () => {
    const error = await runtime.invoke<InvocationError>({ task: 'fail' });
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'It failed.' });
    expect(runtime.output()).toContain('"detail":"a detail"');
  });

  test('ends a handler that takes too long, and starts another', async () => {
    await expect(runtime.invoke({ task: 'wait' })).resolves.toMatch(/Task timed out after 1\.00 seconds/);
    await expect(runtime.invoke({ task: 'answer' })).resolves.toMatchObject({ greeting: 'hello' });
  });

  test('survives the death of the runtime', async () => {
    const result = runtime.invoke<InvocationError>({ task: 'wait' });
    await until(() => runtime.output().trimEnd().endsWith('asked for wait'), 10_000);
    runtime.kill();
    await expect(result).resolves.toMatchObject({ errorType: 'Runtime.ExitError' });
    await expect(runtime.invoke({ task: 'answer' })).resolves.toMatchObject({ greeting: 'hello' });
  });
});
