import { handler as regenerate } from '../../handlers/regenerate/index';
import { handler as rotatePostgresql } from '../../handlers/rotate-postgresql/index';
import { requireServer } from '../servers/require-server';
import { RotationBench } from './support/rotation-bench';
import { rotationEnvironment } from './support/rotation-environment';
import { FUNCTION_ARN } from './support/rotation-function';

/** The entries as Lambda loads them: from the process's environment, onto its console. */
requireServer('secrets-manager')('the entry of', () => {
  let bench: RotationBench;
  const former = { ...process.env };
  const context = { invokedFunctionArn: FUNCTION_ARN, getRemainingTimeInMillis: () => 10_000 };

  beforeAll(async () => {
    bench = await RotationBench.start();
  }, 60_000);

  afterEach(() => {
    Object.keys(process.env).filter((name) => !(name in former)).forEach((name) => delete process.env[name]);
    Object.assign(process.env, former);
  });

  afterAll(() => bench.stop());

  test('regenerate', async () => {
    const arn = await bench.createSecret('first');
    Object.assign(process.env, rotationEnvironment(bench.guard, { bindings: [{ secret: arn, password: { length: 20, excludeCharacters: '' } }] }));
    const lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await regenerate(bench.event(await bench.begin(arn), 'createSecret'), context);
    expect(JSON.parse(lines.mock.calls[0][0] as string)).toMatchObject({ secret: arn, step: 'createSecret', outcome: 'done' });
    lines.mockRestore();
  });

  test.each([['an incomplete environment', {}, 'ROTATION_DATABASE'], ['another engine', { engine: 'mysql' }, 'another engine']])(
    'rotate-postgresql, in %s', async (_, change, message) => {
      const database = Object.keys(change).length === 0 ? undefined : { engine: 'postgres', host: 'localhost', port: 1, ...change };
      Object.assign(process.env, rotationEnvironment(bench.guard, { mode: 'prove', database }));
      const lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
      const rotation = await bench.begin(await bench.createSecret('first'));
      await expect(rotatePostgresql(bench.event(rotation, 'createSecret'), context)).rejects.toThrow(message);
      expect(JSON.parse(lines.mock.calls[0][0] as string)).toMatchObject({ outcome: 'failed', errorClass: 'configuration' });
      lines.mockRestore();
    });
});
