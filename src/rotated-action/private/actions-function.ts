import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LABEL_UPDATED } from './rotated-rules';
import { ActionsEnvironment } from '../../contract/rotated-action';
import { allowLogGroups } from '../../encryption/private/log-key-access';
import { RotationAlarm } from '../../monitoring/private/rotation-alarm';
import { functionSettings, isTraced, trace } from '../../rotation-function/private/function-settings';
import { handlerCode } from '../../rotation-function/private/handler-code';
import type { RotationFunctionOptions } from '../../rotation-function/rotation-function-options';

const TIMEOUT = Duration.minutes(1);
/** Messages are handled one batch after the other: of a queue of another kind two batches would act on the same consumer. */
const FIFO: QueueProps = {
  fifo: true, contentBasedDeduplication: true, encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true,
};
const MESSAGE_GROUP = 'all';

const ALARM = 'A consumer of secrets could not be made to take up a new value: it may still use the former one. '
  + 'Look at the messages of the queue that this alarm watches: each names the consumer and the class of the error. '
  + 'Put the cause right: the function tries again within an hour. Then purge the queue, which ends the alarm.';

/** One hour may miss the rule's message by a little, and the first one is not whole. */
const SILENT_HOURS = 3;
const SILENCE = 'For three hours nothing has come from the event rule to the function that acts after rotations, although the '
  + 'rule sends a message each hour: consumers of secrets are not told of new values. Look whether the rule is enabled, whether '
  + 'the policy of the queue that this alarm watches lets it send, and whether the event source mapping of the function is '
  + 'enabled. Undo what was changed by hand: the next hour looks at all consumers, and ends the alarm.';

/** The function that acts after rotations, and all that invokes it: the same whatever the number of secrets and consumers. */
export class ActionsFunction extends Construct {
  readonly alarms: readonly RotationAlarm[];
  readonly role: IRole;
  /** What the function may do: grows with what it acts on. */
  readonly policy: ManagedPolicy;
  private readonly queue: Queue;
  private readonly failures: Queue;
  private readonly memory: CfnParameter;
  private readonly logGroup: LogGroup;

  /** `actions` are asked for when the template is rendered. */
  constructor(scope: Construct, id: string, private readonly settings: RotationFunctionOptions, actions: () => object) {
    super(scope, id);
    this.failures = new Queue(this, 'Failures', { ...FIFO, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...FIFO,
      // What changes meanwhile is looked at together.
      deliveryDelay: Duration.seconds(20),
      visibilityTimeout: TIMEOUT.plus(TIMEOUT),
      deadLetterQueue: { queue: this.failures, maxReceiveCount: 5 },
    });
    this.memory = new CfnParameter(this, 'Memory', {
      description: 'Which versions of secrets their consumers were last made to take up',
      type: 'String',
      value: '{}',
    });
    this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: settings.logRetention ?? RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey: settings.encryptionKey,
    });
    if (settings.encryptionKey) {
      allowLogGroups(this, settings.encryptionKey);
    }
    const actsAfterRotations = this.function(actions);
    this.role = actsAfterRotations.role!;
    this.policy = new ManagedPolicy(this, 'Policy', {
      description: 'What the function that has consumers of secrets take up new values may do',
      roles: [this.role],
      statements: this.statements(),
    });
    actsAfterRotations.node.addDependency(this.policy);
    new EventSourceMapping(this, 'Messages', { target: actsAfterRotations, eventSourceArn: this.queue.queueArn, batchSize: 10 });
    this.invoke();
    this.alarms = [
      new RotationAlarm(this, 'Alarm', {
        metric: this.failures.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
        description: ALARM,
      }),
      // What was deleted has come all the way. The rule's hour is among it, and where either end of the queue still works there
      // is a value: only before the first hour, and where nothing at all is left, there is none.
      new RotationAlarm(this, 'SilenceAlarm', {
        metric: this.queue.metricNumberOfMessagesDeleted({ period: Duration.hours(1), statistic: Stats.SUM }),
        silentPeriods: SILENT_HOURS,
        description: SILENCE,
      }),
    ];
  }

  /** The variables of the environment that do not depend on consumers. */
  get variables(): Record<string, string> {
    return {
      [ActionsEnvironment.MEMORY]: this.memory.ref,
      [ActionsEnvironment.QUEUE]: this.queue.queueUrl,
      [ActionsEnvironment.FAILURES]: this.failures.queueUrl,
    };
  }

  private function(actions: () => object): LambdaFunction {
    const made = new LambdaFunction(this, 'Function', {
      ...functionSettings(this.settings),
      description: 'Has the consumers of secrets take up new values',
      code: handlerCode(this, 'on-rotated'),
      handler: 'index.handler',
      timeout: TIMEOUT,
      reservedConcurrentExecutions: undefined,
      role: new Role(this, 'Role', {
        description: 'Role of the function that has consumers of secrets take up new values',
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        permissionsBoundary: this.settings.permissionsBoundary,
      }),
      logGroup: this.logGroup,
      environment: {
        ...this.variables,
        [ActionsEnvironment.ACTIONS]: Lazy.string({ produce: () => Stack.of(this).toJsonString(actions()) }),
      },
    });
    if (isTraced(this.settings)) {
      trace(made, this.settings);
    }
    return made;
  }

  private statements(): PolicyStatement[] {
    const parameter = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: this.memory.ref });
    return [
      new PolicyStatement({
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
      new PolicyStatement({
        sid: 'TakeMessages',
        actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        resources: [this.queue.queueArn],
      }),
      new PolicyStatement({
        sid: 'SendMessages',
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn, this.failures.queueArn],
      }),
      new PolicyStatement({ sid: 'Remember', actions: ['ssm:GetParameter', 'ssm:PutParameter'], resources: [parameter] }),
      ...isTraced(this.settings) ? [new PolicyStatement({
        sid: 'SendTraces', actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'],
      })] : [],
    ];
  }

  /** One rule: on each event of the account's secrets, whose number does not matter to it, and every hour. */
  private invoke(): void {
    const rule = new CfnRule(this, 'Rule', {
      description: 'A secret has a new value, or an hour has passed',
      eventPattern: LABEL_UPDATED,
      scheduleExpression: 'rate(1 hour)',
      state: 'ENABLED',
      targets: [{ id: 'Queue', arn: this.queue.queueArn, sqsParameters: { messageGroupId: MESSAGE_GROUP } }],
    });
    this.queue.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }));
  }
}
