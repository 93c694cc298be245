import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { RotationAlarm } from '../../monitoring/private/rotation-alarm';

const ALARM = 'A secret was read in an emergency, and EventBridge could not deliver the event: the topic was not notified, or '
  + 'the rotation after the read does not start. Look at the messages of the queue that this alarm watches: each is such a read, '
  + 'with the target and the reason of the failure in its attributes. Put the cause right, rotate the secret where its rotation '
  + 'was not started, and purge the queue, which ends the alarm.';

/** What an event rule could not deliver: kept in a queue with an alarm, since another event about it never comes. */
export class UndeliveredEvents extends Construct {
  readonly alarm: RotationAlarm;
  private readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // EventBridge takes no queue of another kind.
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14),
    });
    this.alarm = new RotationAlarm(this, 'Alarm', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
      description: ALARM,
    });
  }

  /** What each target of the rule has to say. */
  get deadLetterConfig(): CfnRule.DeadLetterConfigProperty {
    return { arn: this.queue.queueArn };
  }

  /** Lets a rule send what it could not deliver, and nobody else. */
  takeFrom(rule: CfnRule): void {
    this.queue.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }));
  }
}
