import { setTimeout as sleep } from 'node:timers/promises';
import { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Stack } from 'aws-cdk-lib/core';
import { ActionsBench } from './support';
import { HardenedSecret, RotatedAction } from '../../../src';
import { deployedActions, GENERATED, queueDelay } from '../../rotated-action/support';
import { requireServer } from '../../servers/require-server';
import { SecretsManagerServer } from '../../servers/secrets-manager-server';
import { testApp } from '../../support/scenario';
import { REGION } from '../support/rotation-environment';

const OF_ACCOUNT = `${REGION}:123456789012`;
const SERVICE = `arn:aws:ecs:${OF_ACCOUNT}:service/shop/orders`;
const FUNCTION = `arn:aws:lambda:${OF_ACCOUNT}:function:orders`;
const MACHINE = `arn:aws:states:${OF_ACCOUNT}:stateMachine:machine`;

/** The queue of a template on the emulator, with real time. What EventBridge and Lambda do before and after it is done here. */
requireServer('secrets-manager')('the whole way', () => {
  let server: SecretsManagerServer;
  let bench: ActionsBench;
  let stack: Stack;

  beforeAll(async () => {
    server = await SecretsManagerServer.start();
    bench = await ActionsBench.prepare(server);
    stack = new Stack(testApp(), 'Stack', { env: { account: '123456789012', region: REGION } });
    const creds = new HardenedSecret(stack, 'Creds', { ...GENERATED, secretName: 'creds' });
    creds.onRotated('Service', RotatedAction.forceNewDeployment(FargateService.fromFargateServiceArn(stack, 'Service', SERVICE)));
    const imported = LambdaFunction.fromFunctionArn(stack, 'Lambda', FUNCTION);
    creds.onRotated('Lambda', RotatedAction.replaceExecutionEnvironments(imported));
    creds.onRotated('Machine', RotatedAction.startExecution(StateMachine.fromStateMachineArn(stack, 'Machine', MACHINE)));
    creds.onRotated('Fleet', RotatedAction.sendCommand('reload', { instanceTag: { key: 'app', value: 'orders' } }));
    await createConsumers();
  });

  afterAll(() => server.stop());

  const createConsumers = async (): Promise<void> => {
    const ecs = async (action: string, input: object): Promise<unknown> =>
      bench.cloud.json('ecs', `AmazonEC2ContainerServiceV20141113.${action}`, input);
    await ecs('CreateCluster', { clusterName: 'shop' });
    await ecs('RegisterTaskDefinition', { family: 'app', containerDefinitions: [{ name: 'app', image: 'app', memory: 64 }] });
    await ecs('CreateService', { cluster: 'shop', serviceName: 'orders', taskDefinition: 'app', desiredCount: 1 });
    await server.createFunction('orders');
    await bench.cloud.json('states', 'AWSStepFunctions.CreateStateMachine', {
      name: 'machine',
      definition: JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
      roleArn: 'arn:aws:iam::123456789012:role/machine',
    });
  };

  /** The queue of the template. */
  const deploy = async (): Promise<string> => {
    const { QueueUrl } = await bench.cloud.json('sqs', 'AmazonSQS.CreateQueue', {
      QueueName: 'rotated.fifo',
      Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true', DelaySeconds: String(queueDelay(stack)) },
    });
    return String(QueueUrl);
  };

  test('from the event to every consumer in less than 60 seconds', async () => {
    const queue = await deploy();
    await bench.createSecret('creds');
    const event = await bench.rotate('creds');
    const startedAt = Date.now();
    await bench.cloud.json('sqs', 'AmazonSQS.SendMessage', {
      QueueUrl: queue, MessageBody: JSON.stringify(event), MessageGroupId: 'all',
    });
    const received: { body: unknown }[] = [];
    while (received.length === 0 && Date.now() - startedAt < 60_000) {
      await sleep(500);
      const { Messages = [] } = await bench.cloud.json('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl: queue });
      received.push(...(Messages as { Body: string }[]).map(({ Body }) => ({ body: Body })));
    }
    await bench.function(deployedActions(stack)[0].actions)({ Records: received });
    expect(Date.now() - startedAt).toBeLessThan(60_000);
    expect(received).toHaveLength(1);
    expect(bench.lines.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['forceNewDeployment', 'begun'],
      ['updateFunctionConfiguration', 'begun'],
      ['startExecution', 'begun'],
      ['sendCommand', 'begun'],
    ]);
    const { executions } = await bench.cloud.json('states', 'AWSStepFunctions.ListExecutions', { stateMachineArn: MACHINE });
    expect(executions).toHaveLength(1);
  }, 90_000);
});
