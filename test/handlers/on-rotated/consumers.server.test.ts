import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActionsBench, batch, HOURLY } from './support';
import type { RotatedActionFacts } from '../../../src/contract/rotated-action';
import { requireServer } from '../../servers/require-server';
import { SecretsManagerServer } from '../../servers/secrets-manager-server';
import { REGION } from '../support/rotation-environment';

const OF_ACCOUNT = `${REGION}:123456789012`;

requireServer('secrets-manager')('consumers', () => {
  let server: SecretsManagerServer;
  let bench: ActionsBench;

  beforeAll(async () => {
    server = await SecretsManagerServer.start();
  });

  afterAll(() => server.stop());

  beforeEach(async () => {
    bench = await ActionsBench.prepare(server);
    await bench.createSecret('creds');
  });

  const act = async (facts: Omit<RotatedActionFacts, 'id' | 'secrets'>): Promise<unknown[]> => {
    bench.clock.pass(3_600_000);
    await bench.function([{ id: 'Consumer', secrets: ['creds'], ...facts }])(batch(HOURLY));
    return bench.outcomes();
  };

  describe('a service of Amazon ECS', () => {
    const ecs = async (action: string, input: object): Promise<Record<string, any>> =>
      bench.cloud.json('ecs', `AmazonEC2ContainerServiceV20141113.${action}`, input);
    const deployments = async (): Promise<string[]> => {
      const { services } = await ecs('DescribeServices', { cluster: 'shop', services: ['orders'] });
      return (services as { deployments: { id: string }[] }[])[0].deployments.map(({ id }) => id);
    };

    test('is deployed again', async () => {
      await ecs('CreateCluster', { clusterName: 'shop' });
      await ecs('RegisterTaskDefinition', { family: 'app', containerDefinitions: [{ name: 'app', image: 'app', memory: 64 }] });
      await ecs('CreateService', { cluster: 'shop', serviceName: 'orders', taskDefinition: 'app', desiredCount: 1 });
      const before = await deployments();
      const target = `arn:aws:ecs:${OF_ACCOUNT}:service/shop/orders`;
      expect(await act({ action: 'forceNewDeployment', target })).toEqual(['begun']);
      const after = await deployments();
      expect(after.filter((id) => !before.includes(id))).toHaveLength(1);
      expect(await act({ action: 'forceNewDeployment', target })).toEqual(['current']);
      expect(await deployments()).toEqual(after);
    });

    test('needs an ARN that names its cluster', async () => {
      await act({ action: 'forceNewDeployment', target: `arn:aws:ecs:${OF_ACCOUNT}:service/orders` });
      expect(await act({ action: 'forceNewDeployment', target: `arn:aws:ecs:${OF_ACCOUNT}:service/orders` })).toEqual(['putOff']);
    });
  });

  describe('a function', () => {
    const path = '/2015-03-31/functions/orders/configuration';
    const configuration = async (): Promise<Record<string, any>> => bench.cloud.send('lambda', path, { method: 'GET' });
    const facts = { action: 'updateFunctionConfiguration' as const, target: `arn:aws:lambda:${OF_ACCOUNT}:function:orders` };

    beforeEach(() => server.createFunction('orders'));

    test('has another configuration: the end of its description alone', async () => {
      await bench.cloud.send('lambda', path, { method: 'PUT', body: JSON.stringify({ Description: 'Takes orders' }) });
      const before = await configuration();
      expect(await act(facts)).toEqual(['begun']);
      const after = await configuration();
      expect(after.Description).toMatch(/^Takes orders \[secrets [0-9a-f]{16}\]$/);
      const { Description: _, LastModified: __, RevisionId: ___, ...rest } = before;
      expect(after).toMatchObject(rest);
      await bench.rotate('creds');
      expect(await act(facts)).toEqual(['begun']);
      expect((await configuration()).Description).toMatch(/^Takes orders \[secrets [0-9a-f]{16}\]$/);
      expect((await configuration()).Description).not.toBe(after.Description);
    });

    test('is not changed twice for the same version, though nothing is remembered', async () => {
      await act(facts);
      const before = await configuration();
      await bench.cloud.json('ssm', 'AmazonSSM.PutParameter', { Name: 'memory', Value: '{}', Overwrite: true });
      expect(await act(facts)).toEqual(['begun']);
      expect(await configuration()).toEqual(before);
    });

    test('a description of the greatest length makes room', async () => {
      await bench.cloud.send('lambda', path, { method: 'PUT', body: JSON.stringify({ Description: 'x'.repeat(256) }) });
      expect(await act(facts)).toEqual(['begun']);
      expect((await configuration()).Description).toMatch(/^x{229} \[secrets [0-9a-f]{16}\]$/);
    });

    test('one that does not exist is a failure', async () => {
      await bench.function([{ ...facts, id: 'Gone', secrets: ['creds'], target: `${facts.target}-gone` }])(batch(HOURLY));
      expect(bench.lines[0]).toMatchObject({ errorClass: 'configuration', errorCode: 'HTTP404' });
    });
  });

  describe('instances', () => {
    test('with the tag run the document, with its parameters', async () => {
      const parameters = { SecretId: ['creds'] };
      expect(await act({ action: 'sendCommand', target: 'reload-app', instances: { key: 'app', value: 'orders' }, parameters }))
        .toEqual(['begun']);
      const { Commands } = await bench.cloud.json('ssm', 'AmazonSSM.ListCommands', {});
      expect(Commands).toEqual([expect.objectContaining({
        DocumentName: 'reload-app', Parameters: parameters, Targets: [{ Key: 'tag:app', Values: ['orders'] }], MaxErrors: '100%',
      })]);
    });
  });
});

/** What services answer that moto does not. */
describe('answers', () => {
  const answers: { status: number; body: string }[] = [];
  const asked: string[] = [];
  let versions: string;
  let peer: Server;
  let bench: ActionsBench;

  beforeAll(async () => {
    peer = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const target = String(request.headers['x-amz-target'] ?? '');
        const body = Buffer.concat(chunks).toString();
        if (target.endsWith('.GetParameter')) {
          response.end('{"Parameter":{"Value":"{}"}}');
        } else if (target.endsWith('.DescribeSecret')) {
          response.end(versions);
        } else if (/\.(PutParameter|SendMessage)$/.test(target)) {
          response.end('{}');
        } else {
          asked.push(`${request.method} ${request.url} ${body}`);
          const { status, body: answer } = answers.shift()!;
          response.writeHead(status).end(answer);
        }
      });
    });
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
    bench = ActionsBench.alone(`http://127.0.0.1:${(peer.address() as AddressInfo).port}`);
  });

  afterAll(() => new Promise((resolve) => peer.close(resolve)));

  beforeEach(() => {
    versions = '{"VersionIdsToStages":{"v1":["AWSCURRENT"]}}';
    answers.length = 0;
    asked.length = 0;
    bench.lines.length = 0;
  });

  const act = async (facts: Omit<RotatedActionFacts, 'id' | 'secrets'>): Promise<Record<string, any>> => {
    await bench.function([{ id: 'Consumer', secrets: ['creds'], ...facts }])(batch(HOURLY));
    return bench.lines[0];
  };
  const machineFacts = { action: 'startExecution' as const, target: 'machine' };
  const groupFacts = { action: 'startInstanceRefresh' as const, target: 'fleet' };
  const functionFacts = { action: 'updateFunctionConfiguration' as const, target: `arn:aws:lambda:${OF_ACCOUNT}:function:orders` };
  const refreshError = (code: string): string => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;
  const STARTED = '<StartInstanceRefreshResponse><StartInstanceRefreshResult><InstanceRefreshId>x</InstanceRefreshId>'
    + '</StartInstanceRefreshResult></StartInstanceRefreshResponse>';

  test('an instance refresh is started, with the share that stays in service', async () => {
    answers.push({ status: 200, body: STARTED }, { status: 200, body: STARTED });
    expect(await act({ ...groupFacts, minHealthyPercentage: 80 })).toMatchObject({ outcome: 'begun' });
    await act(groupFacts);
    expect(asked).toEqual([
      'POST / Action=StartInstanceRefresh&Version=2011-01-01&AutoScalingGroupName=fleet&Preferences.MinHealthyPercentage=80',
      'POST / Action=StartInstanceRefresh&Version=2011-01-01&AutoScalingGroupName=fleet',
    ]);
  });

  test.each(['InstanceRefreshInProgress', 'InstanceRefreshInProgressFault'])('after %s another refresh follows', async (code) => {
    answers.push({ status: 400, body: refreshError(code) });
    const line = await act(groupFacts);
    expect(line).toMatchObject({ level: 'INFO', outcome: 'putOff' });
    expect(line.errorClass).toBeUndefined();
  });

  test('what is in the way for three hours is a failure', async () => {
    answers.push({ status: 400, body: refreshError('InstanceRefreshInProgress') });
    const since = bench.clock.now() - 3 * 3_600_000 - 1;
    const again = { again: { Consumer: since }, sentAt: 1 };
    await bench.function([{ id: 'Consumer', secrets: ['creds'], ...groupFacts }])(batch(again));
    expect(bench.lines[0]).toMatchObject({ outcome: 'failed', errorClass: 'conflict' });
  });

  test('an execution of the name is the same execution', async () => {
    answers.push({ status: 400, body: '{"__type":"com.amazonaws.states#ExecutionAlreadyExists"}' });
    expect(await act(machineFacts)).toMatchObject({ outcome: 'begun' });
  });

  test.each([409, 412])('a function that is being changed (%s) waits', async (status) => {
    answers.push({ status: 200, body: '{}' }, { status, body: '{}' });
    expect(await act(functionFacts)).toMatchObject({ outcome: 'putOff', level: 'INFO' });
    expect(asked[1]).toMatch(/^PUT \/2015-03-31\/functions\/orders\/configuration \{"Description":"\[secrets [0-9a-f]{16}\]"\}$/);
  });

  test.each([
    [functionFacts, 403, '{}', 'permission', 'HTTP403'],
    [functionFacts, 200, 'no JSON', 'unavailable', 'HTTP200'],
    [groupFacts, 403, refreshError('AccessDenied'), 'permission', 'AccessDenied'],
    [groupFacts, 400, refreshError('ValidationError'), 'configuration', 'ValidationError'],
    [machineFacts, 400, '{"__type":"AccessDeniedException"}', 'permission', 'AccessDeniedException'],
    [machineFacts, 400, '[]', 'conflict', 'HTTP400'],
  ])('of %j with status %s and %s: %s', async (facts, status, body, errorClass, errorCode) => {
    answers.push(...Array.from({ length: 20 }, () => ({ status, body })));
    expect(await act(facts)).toMatchObject({ level: 'WARN', errorClass, errorCode });
  });

  test('a change that is refused is a failure', async () => {
    answers.push({ status: 200, body: '{}' }, { status: 403, body: '{}' });
    const message: unknown = expect.stringContaining('UpdateFunctionConfiguration');
    expect(await act(functionFacts)).toMatchObject({ errorClass: 'permission', message });
  });

  test('what somebody else has changed meanwhile is not overwritten: the revision is passed on', async () => {
    answers.push({ status: 200, body: '{"Description":"Orders","RevisionId":"r1"}' }, { status: 200, body: '{}' });
    expect(await act(functionFacts)).toMatchObject({ outcome: 'begun' });
    expect(asked[1]).toMatch(/"Description":"Orders \[secrets [0-9a-f]{16}\]","RevisionId":"r1"/);
  });

  test('an answer without versions is a conflict', async () => {
    versions = '{}';
    expect(await act(machineFacts)).toMatchObject({ level: 'WARN', errorClass: 'conflict', outcome: 'putOff' });
    expect(asked).toEqual([]);
  });
});
