import { setTimeout as sleep } from 'node:timers/promises';
import { FargateService } from 'aws-cdk-lib/aws-ecs';
import { App, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, RotatedAction, Rotation, SecretContent } from '../../../src';
import { ActionsBench, batch, labelUpdated } from '../../../test/handlers/on-rotated/support';
import { REGION } from '../../../test/handlers/support/rotation-environment';
import { deployedActions, queueDelay } from '../../../test/rotated-action/support';
import type { SecretsManagerServer } from '../../../test/servers/secrets-manager-server';

const ACCOUNT = '123456789012';
const CLUSTER = 'shop';
/** Milliseconds between two looks at the queue, and at the services. */
const POLL = 200;
/** The shortest time between two rotations on AWS, in milliseconds: what comes faster is slowed down by the function. */
const FOUR_HOURS = 4 * 3_600_000;

/** What has to be restarted where a secret has another value. */
interface ToldConsumer {
  readonly service: string;
  deployment: string;
  startAgain(): Promise<void>;
}

/**
 * What `onRotated()` makes of a stack: the function and the queue of its template on moto, with an Amazon ECS service for each
 * secret. What EventBridge, AWS Lambda's poller and Amazon ECS do before and after it is done here.
 */
export class ToldConsumers {
  /** Of a template for secrets with these names. `delay`: of the queue, in seconds, if not the template's. */
  static async start(server: SecretsManagerServer, secrets: readonly string[], delay?: number): Promise<ToldConsumers> {
    const bench = await ActionsBench.prepare(server);
    const stack = new Stack(new App({ analyticsReporting: false }), 'Strategies', { env: { account: ACCOUNT, region: REGION } });
    await ecs(bench, 'CreateCluster', { clusterName: CLUSTER });
    await ecs(bench, 'RegisterTaskDefinition', {
      family: 'app', containerDefinitions: [{ name: 'app', image: 'app', memory: 64 }],
    });
    for (const secretName of secrets) {
      await ecs(bench, 'CreateService', { cluster: CLUSTER, serviceName: secretName, taskDefinition: 'app', desiredCount: 1 });
      const secret = new HardenedSecret(stack, secretName, {
        secretName, content: SecretContent.generated(), rotation: Rotation.none('the demonstration rotates it'),
      });
      const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${CLUSTER}/${secretName}`;
      const service = FargateService.fromFargateServiceArn(stack, `${secretName}Service`, arn);
      secret.onRotated('Service', RotatedAction.forceNewDeployment(service));
    }
    await bench.cloud.json('sqs', 'AmazonSQS.SetQueueAttributes', {
      QueueUrl: bench.url('queue.fifo'), Attributes: { DelaySeconds: String(delay ?? queueDelay(stack)) },
    });
    return new ToldConsumers(bench, bench.function(deployedActions(stack)[0].actions));
  }

  private readonly consumers: ToldConsumer[] = [];
  private readonly loops: Promise<void>[];
  private isOver = false;
  private failure?: Error;

  private constructor(
    private readonly bench: ActionsBench, private readonly act: (event: unknown) => Promise<void>,
  ) {
    this.loops = [this.repeat(async () => this.deliver()), this.repeat(async () => this.deploy())];
  }

  /** From now on an application starts again when the service of its secret is deployed. */
  async add(secretName: string, startAgain: () => Promise<void>): Promise<void> {
    this.consumers.push({ service: secretName, deployment: await this.deploymentOf(secretName), startAgain });
  }

  /** What EventBridge does once Secrets Manager has moved AWSCURRENT. */
  async labelUpdated(arn: string, name: string, versionId: string): Promise<void> {
    await this.bench.cloud.json('sqs', 'AmazonSQS.SendMessage', {
      QueueUrl: this.bench.url('queue.fifo'),
      MessageBody: JSON.stringify(labelUpdated(arn, name, versionId)),
      MessageGroupId: 'all',
    });
  }

  /** The function's clock goes on until the next rotation. */
  untilNextRotation(): void {
    this.bench.clock.pass(FOUR_HOURS);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
    if (this.failure) {
      throw this.failure;
    }
  }

  private async deliver(): Promise<void> {
    const messages = await this.bench.messages('queue.fifo');
    if (messages.length > 0) {
      await this.act(batch(...messages));
    }
  }

  private async deploy(): Promise<void> {
    for (const consumer of this.consumers) {
      const deployment = await this.deploymentOf(consumer.service);
      if (deployment !== consumer.deployment) {
        consumer.deployment = deployment;
        await consumer.startAgain();
      }
    }
  }

  private async deploymentOf(service: string): Promise<string> {
    const { services } = await ecs(this.bench, 'DescribeServices', { cluster: CLUSTER, services: [service] });
    return (services as { deployments: { id: string }[] }[])[0].deployments[0].id;
  }

  private async repeat(work: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      await work().catch((error: Error) => {
        this.failure ??= error;
      });
      await sleep(POLL);
    }
  }
}

async function ecs(bench: ActionsBench, action: string, input: object): Promise<Record<string, unknown>> {
  return bench.cloud.json('ecs', `AmazonEC2ContainerServiceV20141113.${action}`, input);
}
