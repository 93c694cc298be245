import { makeActionsHandler } from '../../../handlers/on-rotated/make-actions-handler';
import { ActionsEnvironment, type RotatedActionFacts } from '../../../src/contract/rotated-action';
import type { SecretsManagerServer } from '../../servers/secrets-manager-server';
import { REGION } from '../support/rotation-environment';
import { VirtualClock } from '../support/virtual-clock';

const ACCOUNT = '123456789012';
const FUNCTION_LIMIT = 60_000;
const MEMORY = 'memory';

type Fields = Record<string, any>;

/** Clients of the services of AWS as moto has them, without their SDKs: what tests prepare and look at. */
export class Cloud {
  constructor(private readonly server: Pick<SecretsManagerServer, 'url'>) {}

  async json(service: string, target: string, input: Fields): Promise<Fields> {
    return this.send(service, '/', {
      method: 'POST',
      body: JSON.stringify(input),
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    });
  }

  async send(service: string, path: string, init: RequestInit): Promise<Fields> {
    const response = await fetch(`${this.server.url}${path}`, {
      ...init,
      headers: {
        ...init.headers as Record<string, string>,
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/${REGION}/${service}/aws4_request, `
          + 'SignedHeaders=host, Signature=0',
      },
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${service} answered ${response.status}: ${text}`);
    }
    return text.startsWith('{') ? JSON.parse(text) as Fields : {};
  }
}

/** The function after rotations on moto, with its queues and its memory, and time that passes when it is told to. */
export class ActionsBench {
  static async prepare(server: SecretsManagerServer): Promise<ActionsBench> {
    await server.reset();
    const bench = new ActionsBench(server);
    for (const queue of ['queue.fifo', 'failures.fifo']) {
      const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
      await bench.cloud.json('sqs', 'AmazonSQS.CreateQueue', { QueueName: queue, Attributes: attributes });
    }
    await bench.cloud.json('ssm', 'AmazonSSM.PutParameter', { Name: MEMORY, Type: 'String', Value: '{}' });
    return bench;
  }

  /** Without moto. */
  static alone(url: string): ActionsBench {
    return new ActionsBench({ url });
  }

  readonly cloud: Cloud;
  readonly clock = new VirtualClock();
  readonly lines: Fields[] = [];
  private serial = 0;

  private constructor(private readonly server: Pick<SecretsManagerServer, 'url'>) {
    this.cloud = new Cloud(server);
    this.clock.pass(Date.now());
  }

  url(queue: string): string {
    return `${this.server.url}/${ACCOUNT}/${queue}`;
  }

  /** A new process of the function. */
  function(actions: readonly RotatedActionFacts[]): (event: unknown, milliseconds?: number) => Promise<void> {
    const handler = makeActionsHandler({
      variables: {
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'none',
        [ActionsEnvironment.ACTIONS]: JSON.stringify(actions),
        [ActionsEnvironment.MEMORY]: MEMORY,
        [ActionsEnvironment.QUEUE]: this.url('queue.fifo'),
        [ActionsEnvironment.FAILURES]: this.url('failures.fifo'),
      },
      endpoint: this.server.url,
      clock: this.clock,
      write: (line) => this.lines.push(JSON.parse(line) as Fields),
    });
    return async (event, milliseconds = FUNCTION_LIMIT) => handler(event, { getRemainingTimeInMillis: () => milliseconds });
  }

  async createSecret(name: string): Promise<string> {
    const { ARN } = await this.cloud.json('secretsmanager', 'secretsmanager.CreateSecret', { Name: name, SecretString: 'first' });
    return String(ARN);
  }

  /** Gives a secret another current version, and says what Secrets Manager sends then. */
  async rotate(secret: string): Promise<object> {
    const { ARN, Name, VersionId } = await this.cloud.json('secretsmanager', 'secretsmanager.PutSecretValue', {
      SecretId: secret, SecretString: `value ${++this.serial}`,
    });
    return labelUpdated(String(ARN), String(Name), String(VersionId));
  }

  /** What waits in a queue, taken out of it. */
  async messages(queue: 'queue.fifo' | 'failures.fifo'): Promise<Fields[]> {
    const { Messages = [] } = await this.cloud.json('sqs', 'AmazonSQS.ReceiveMessage', {
      QueueUrl: this.url(queue), MaxNumberOfMessages: 10,
    });
    for (const { ReceiptHandle } of Messages as Fields[]) {
      await this.cloud.json('sqs', 'AmazonSQS.DeleteMessage', { QueueUrl: this.url(queue), ReceiptHandle });
    }
    return (Messages as Fields[]).map(({ Body }) => JSON.parse(String(Body)) as Fields);
  }

  async memory(): Promise<Fields> {
    const { Parameter } = await this.cloud.json('ssm', 'AmazonSSM.GetParameter', { Name: MEMORY });
    return JSON.parse(String(Parameter.Value)) as Fields;
  }

  outcomes(): unknown[] {
    return this.lines.splice(0).map(({ outcome }) => outcome as unknown);
  }
}

/** The event that Secrets Manager sends once a label has moved. */
export function labelUpdated(arn: string, name: string, versionId: string): object {
  return {
    'version': '0',
    'id': 'e5b5d0a3-8e3c-4b36-9d0f-000000000000',
    'detail-type': 'Secret Label Updated',
    'source': 'aws.secretsmanager',
    'account': ACCOUNT,
    'region': REGION,
    'resources': [arn],
    'detail': { name, labelUpdated: 'AWSCURRENT', versionId },
  };
}

/** The event of the rule's schedule. */
export const HOURLY = {
  'source': 'aws.events', 'detail-type': 'Scheduled Event', 'resources': ['arn:aws:events:::rule/x'], 'detail': {},
};

/** A batch as Lambda takes it from the queue. */
export function batch(...messages: object[]): object {
  return { Records: messages.map((message) => ({ messageId: '1', body: JSON.stringify(message) })) };
}
