import { ActionsBench, batch, HOURLY } from './support';
import type { RotatedActionFacts } from '../../../src/contract/rotated-action';
import { requireServer } from '../../servers/require-server';
import { SecretsManagerServer } from '../../servers/secrets-manager-server';
import { REGION } from '../support/rotation-environment';

const STATE_MACHINE = `arn:aws:states:${REGION}:123456789012:stateMachine:machine`;
const MINUTE = 60_000;

requireServer('secrets-manager')('after a rotation', () => {
  let server: SecretsManagerServer;
  let bench: ActionsBench;

  beforeAll(async () => {
    server = await SecretsManagerServer.start();
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    bench = await ActionsBench.prepare(server);
    await bench.cloud.json('states', 'AWSStepFunctions.CreateStateMachine', {
      name: 'machine',
      definition: JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
      roleArn: 'arn:aws:iam::123456789012:role/machine',
    });
  });

  const consumer = (id: string, ...secrets: string[]): RotatedActionFacts =>
    ({ id, action: 'startExecution', target: STATE_MACHINE, secrets });

  /** The inputs that the consumer was started with, the last one first. */
  const executions = async (): Promise<Record<string, any>[]> => {
    const { executions: all } = await bench.cloud.json('states', 'AWSStepFunctions.ListExecutions', {
      stateMachineArn: STATE_MACHINE,
    });
    return Promise.all((all as { executionArn: string }[]).map(async ({ executionArn }) => {
      const { input } = await bench.cloud.json('states', 'AWSStepFunctions.DescribeExecution', { executionArn });
      return JSON.parse(String(input)) as Record<string, any>;
    }));
  };

  test('the consumer of the secret acts, and is told which version is current', async () => {
    await bench.createSecret('creds');
    const event = await bench.rotate('creds') as { detail: { versionId: string } };
    await bench.function([consumer('Orders', 'creds')])(batch(event));
    expect(await executions()).toEqual([{ secrets: [{ secret: 'creds', versionId: event.detail.versionId }] }]);
    expect(bench.lines).toEqual([{
      level: 'INFO', consumer: 'Orders', action: 'startExecution', outcome: 'begun', durationMs: expect.any(Number),
    }]);
  });

  test('events of other secrets, other events and junk concern nobody', async () => {
    await bench.createSecret('creds');
    await bench.createSecret('other');
    const act = bench.function([consumer('Orders', 'creds')]);
    await act(batch(await bench.rotate('other')));
    await act({ Records: [{ body: 'junk' }, { body: '[]' }, {}] });
    await act(batch({ again: { Nobody: 1 }, sentAt: 1 }, { detail: null, resources: 'creds' }));
    await act(undefined);
    expect([await executions(), bench.lines]).toEqual([[], []]);
  });

  test.each(['name', 'arn', 'partialArn'])('a secret is known by its %s', async (kind) => {
    const arn = await bench.createSecret('creds');
    const known = { name: 'creds', arn, partialArn: arn.slice(0, -7) }[kind]!;
    await bench.function([consumer('Orders', known)])(batch(await bench.rotate('creds')));
    expect(await executions()).toHaveLength(1);
  });

  test('several secrets of a consumer that change together are one action', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      await bench.createSecret(name);
    }
    const events = await Promise.all(names.map(async (name) => bench.rotate(name)));
    const act = bench.function([consumer('Orders', ...names)]);
    // The queue hands over the first alone: the others have changed all the same.
    await act(batch(events[0]));
    await act(batch(events[1], events[2]));
    expect(await executions()).toHaveLength(1);
    expect(bench.outcomes()).toEqual(['begun', 'current']);
  });

  test('duplicates and a changed order come to the same, in another process too', async () => {
    await bench.createSecret('creds');
    const [first, second] = [await bench.rotate('creds'), await bench.rotate('creds')];
    await bench.function([consumer('Orders', 'creds')])(batch(second, first));
    await bench.function([consumer('Orders', 'creds')])(batch(first));
    await bench.function([consumer('Orders', 'creds')])(batch(second, second));
    expect(await executions()).toHaveLength(1);
  });

  test('a version that somebody makes current again is acted on again', async () => {
    const arn = await bench.createSecret('creds');
    const act = bench.function([consumer('Orders', 'creds')]);
    const versions = async (): Promise<string[]> => Promise.all(['AWSCURRENT', 'AWSPREVIOUS'].map(async (VersionStage) => {
      const { VersionId } = await bench.cloud.json('secretsmanager', 'secretsmanager.GetSecretValue', {
        SecretId: arn, VersionStage,
      });
      return String(VersionId);
    }));
    await act(batch(await bench.rotate('creds')));
    const [first] = await versions();
    bench.clock.pass(60 * MINUTE);
    await act(batch(await bench.rotate('creds')));
    const [second] = await versions();
    await bench.cloud.json('secretsmanager', 'secretsmanager.UpdateSecretVersionStage', {
      SecretId: arn, VersionStage: 'AWSCURRENT', MoveToVersionId: first, RemoveFromVersionId: second,
    });
    bench.clock.pass(60 * MINUTE);
    await act(batch(HOURLY));
    expect((await executions()).map(({ secrets }) => (secrets as { versionId: string }[])[0].versionId))
      .toEqual([first, second, first]);
  });

  test('an event that was never delivered is made good within the hour, and the hour does nothing else', async () => {
    await bench.createSecret('creds');
    const act = bench.function([consumer('Orders', 'creds')]);
    await act(batch(await bench.rotate('creds')));
    bench.clock.pass(60 * MINUTE);
    await act(batch(HOURLY));
    expect(await executions()).toHaveLength(1);
    await bench.rotate('creds');
    bench.clock.pass(60 * MINUTE);
    await act(batch(HOURLY));
    expect(await executions()).toHaveLength(2);
    expect(bench.outcomes()).toEqual(['begun', 'current', 'begun']);
  });

  test('killed after the action and before it is remembered: the next attempt does no harm', async () => {
    await bench.createSecret('creds');
    const act = bench.function([consumer('Orders', 'creds')]);
    const event = await bench.rotate('creds');
    await act(batch(event));
    await bench.cloud.json('ssm', 'AmazonSSM.PutParameter', { Name: 'memory', Value: '{}', Overwrite: true });
    await act(batch(event));
    expect(await executions()).toHaveLength(1);
    expect(bench.outcomes()).toEqual(['begun', 'begun']);
  });

  const JUNK = ['junk', '[]', '{"Orders":{"digest":1}}', '{"Orders":null}'];

  test.each(JUNK)('in the memory, %s counts as nothing', async (value) => {
    await bench.cloud.json('ssm', 'AmazonSSM.PutParameter', { Name: 'memory', Value: value, Overwrite: true });
    await bench.createSecret('creds');
    await bench.function([consumer('Orders', 'creds')])(batch(HOURLY));
    expect(bench.outcomes()).toEqual(['begun']);
  });

  test('consumers that the function no longer has are forgotten, before they fill the memory', async () => {
    await bench.createSecret('creds');
    const gone = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [
      `Former-${index}`, { digest: '0123456789abcdef', at: bench.clock.now() - index, row: 0 },
    ]));
    await bench.cloud.json('ssm', 'AmazonSSM.PutParameter', { Name: 'memory', Value: JSON.stringify(gone), Overwrite: true });
    await bench.function([consumer('Orders', 'creds')])(batch(HOURLY));
    expect(Object.keys(await bench.memory())).toEqual(['Orders']);
  });

  test('a storm is spread: the pause after an action doubles, and the last value is acted on', async () => {
    await bench.createSecret('creds');
    const act = bench.function([consumer('Orders', 'creds')]);
    let actions = 0;
    let last: { detail: { versionId: string } } | undefined;
    // A new value twice a minute for an hour.
    for (let second = 0; second < 3600; second += 30) {
      last = await bench.rotate('creds') as typeof last;
      await act(batch(last!));
      actions += bench.outcomes().filter((outcome) => outcome === 'begun').length;
      bench.clock.pass(30_000);
    }
    expect(actions).toBeLessThanOrEqual(11);
    bench.clock.pass(10 * MINUTE);
    await act(batch(...await bench.messages('queue.fifo')));
    const [newest] = (await executions()).map(({ secrets }) => (secrets as { versionId: string }[])[0].versionId);
    expect(newest).toBe(last!.detail.versionId);
  }, 120_000);

  test('what has to wait is in the queue again, and keeps the time of its first wait', async () => {
    await bench.createSecret('creds');
    const act = bench.function([consumer('Orders', 'creds')]);
    await act(batch(await bench.rotate('creds')));
    const since = bench.clock.now();
    await act(batch(await bench.rotate('creds')));
    expect(bench.outcomes()).toEqual(['begun', 'putOff']);
    const [first] = await bench.messages('queue.fifo');
    expect(first).toEqual({ again: { Orders: since }, sentAt: since });
    bench.clock.pass(1_000);
    await act(batch(first, { again: { Orders: since + 5 }, sentAt: 1 }));
    expect(await bench.messages('queue.fifo')).toEqual([{ again: { Orders: since }, sentAt: since + 1_000 }]);
    bench.clock.pass(20_000);
    await act(batch(first));
    expect(bench.outcomes()).toEqual(['putOff', 'begun']);
  });

  test('without time for another action the rest waits', async () => {
    await bench.createSecret('creds');
    await bench.function([consumer('Orders', 'creds')])(batch(HOURLY), 20_000);
    expect(bench.outcomes()).toEqual(['putOff']);
    expect(Object.keys((await bench.messages('queue.fifo'))[0].again as object)).toEqual(['Orders']);
  });

  test('what fails is tried again for five minutes, and then handed on without the words of the service', async () => {
    await bench.createSecret('creds');
    const target = `arn:aws:ecs:${REGION}:123456789012:service/gone/gone`;
    const gone: RotatedActionFacts = { id: 'Gone', action: 'forceNewDeployment', target, secrets: ['creds'] };
    const act = bench.function([gone, consumer('Orders', 'creds')]);
    const event = await bench.rotate('creds');
    await act(batch(event));
    expect(bench.lines.splice(0)).toEqual([
      expect.objectContaining({ level: 'WARN', consumer: 'Gone', outcome: 'putOff', errorClass: 'configuration' }),
      expect.objectContaining({ level: 'INFO', consumer: 'Orders', outcome: 'begun' }),
    ]);
    expect(await bench.messages('failures.fifo')).toEqual([]);
    bench.clock.pass(5 * MINUTE);
    await act(batch(...await bench.messages('queue.fifo')));
    expect(bench.lines.splice(0)).toEqual([expect.objectContaining({ level: 'ERROR', consumer: 'Gone', outcome: 'failed' })]);
    expect(await bench.messages('failures.fifo')).toEqual([{
      ...gone,
      errorClass: 'configuration',
      errorCode: 'ClusterNotFoundException',
      message: 'configuration: Amazon ECS refused UpdateService (ClusterNotFoundException)',
    }]);
    expect(await bench.messages('queue.fifo')).toEqual([]);
  });

  test('a secret that does not exist, or has no current version, is a failure of its consumer alone', async () => {
    await bench.createSecret('creds');
    const empty = await bench.createSecret('empty');
    const { VersionIdsToStages } = await bench.cloud.json('secretsmanager', 'secretsmanager.DescribeSecret', { SecretId: empty });
    await bench.cloud.json('secretsmanager', 'secretsmanager.UpdateSecretVersionStage', {
      SecretId: empty, VersionStage: 'AWSCURRENT', RemoveFromVersionId: Object.keys(VersionIdsToStages as object)[0],
    });
    const act = bench.function([consumer('One', 'creds', 'gone'), consumer('Two', 'empty'), consumer('Three', 'creds')]);
    await act(batch(HOURLY));
    expect(bench.lines.map(({ outcome, errorClass, errorCode }) => [outcome, errorClass, errorCode])).toEqual([
      ['putOff', 'configuration', 'ResourceNotFoundException'],
      ['putOff', 'conflict', undefined],
      ['begun', undefined, undefined],
    ]);
  });

  test('where the memory cannot be read or a message not sent, the queue delivers the batch again', async () => {
    await bench.createSecret('creds');
    const act = bench.function([consumer('Orders', 'creds', 'gone')]);
    await bench.cloud.json('sqs', 'AmazonSQS.DeleteQueue', { QueueUrl: bench.url('queue.fifo') });
    await expect(act(batch(HOURLY))).rejects.toMatchObject({ name: 'RotationError', errorClass: 'configuration' });
    await bench.cloud.json('ssm', 'AmazonSSM.DeleteParameter', { Name: 'memory' });
    await expect(act(batch(HOURLY))).rejects.toMatchObject({ code: 'ParameterNotFound', errorClass: 'configuration' });
    expect(bench.lines.at(-1)).toMatchObject({ level: 'ERROR', outcome: 'failed', errorCode: 'ParameterNotFound' });
  });
});
