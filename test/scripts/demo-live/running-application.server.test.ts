import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RunningApplication } from '../../../scripts/demo-live/running-application';
import { DeployedFunction } from '../../../scripts/local-deployment/deployed-function';
import { requireServer } from '../../servers/require-server';
import { until } from '../../servers/until';

requireServer('lambda-runtime')('a running application', () => {
  const asset = mkdtempSync(path.join(tmpdir(), 'application-'));
  const declared = {
    logicalId: 'App',
    name: 'app',
    arn: 'arn:aws:lambda:us-east-1:111111111111:function:app',
    region: 'us-east-1',
    handler: 'main.run',
    environment: { KEPT: 'kept', REPLACED: 'by the template' },
    asset,
  };
  let instance: DeployedFunction;

  beforeAll(async () => {
    writeFileSync(path.join(asset, 'main.mjs'), `
      let calls = 0;
      export async function run(event, { invokedFunctionArn, functionName }) {
        const { AWS_REGION: region, KEPT: kept, REPLACED: replaced } = process.env;
        if (event.facts) return { invokedFunctionArn, functionName, region, kept, replaced };
        if (event.wait) await new Promise((resolve) => setTimeout(resolve, 5000));
        calls += 1;
        if (calls % 3 === 0) throw new Error('refused');
        return { username: calls % 2 === 0 ? 'even' : 'odd' };
      }`);
    instance = await DeployedFunction.start(declared, { REPLACED: 'by us' }, 1);
  });

  afterAll(async () => {
    await instance.stop();
    rmSync(asset, { recursive: true });
  });

  test('has the code, the name and the variables of the template, and what the emulator needs in their place', async () => {
    await expect(instance.invoke({ facts: true })).resolves.toEqual({
      invokedFunctionArn: declared.arn, functionName: 'app', region: 'us-east-1', kept: 'kept', replaced: 'by us',
    });
  });

  test('counts logins by user, and the failed ones by what was reported', async () => {
    let calls = 0;
    const counting = { invoke: async <T>(event: unknown) => instance.invoke<T>(event).finally(() => calls += 1) };
    const application = new RunningApplication([counting]);
    await expect(until(() => calls >= 6, 25_000)).resolves.toBe(true);
    const logins = await application.stop();
    const worked = [...logins.users.values()].reduce((sum, count) => sum + count);
    expect(logins.failed).toBeGreaterThanOrEqual(2);
    expect(logins)
      .toMatchObject({ tried: calls, failed: calls - worked, failures: new Map([['App: Error: refused', logins.failed]]) });
    expect([...logins.users.keys()].sort()).toEqual(['even', 'odd']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls).toBe(logins.tried);
  });

  test('reports a call that takes too long', async () => {
    await expect(instance.invoke({ wait: true })).rejects.toThrow(/^App: .*timed out after 1\.00 seconds/);
  });
});
