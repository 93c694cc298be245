import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { allowAlarms } from './topic-access';
import { ValidationError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';
import { refuseCircle } from '../../core/stack-circles';

const PROPERTY = 'SecretMonitoring.rotationFailure(topic)';

/** CloudWatch takes this many actions for each state of an alarm. */
const MAXIMUM_TOPICS = 5;

const DESCRIPTION = 'A secret could not be rotated, or the daily audit found one that is not as it should be. '
  + 'Open the log group of the function that this alarm watches: its last error line names the secret, the step and the class '
  + 'of the error. '
  + 'The value that applications read is still the last one that worked. Put the cause right and rotate that secret once: a good '
  + 'rotation ends it.';

/** The errors of a rotation function: of a short time, so that a failure of another secret a little later is reported as well. */
export function errorsOf(rotationFunction: IFunction): IMetric {
  return rotationFunction.metricErrors({ period: Duration.minutes(5), statistic: Stats.SUM });
}

/** Properties of {@link RotationAlarm}. */
export interface RotationAlarmProps {
  /** What should stay below 1, or where `silentPeriods` is given, reach it again and again. */
  readonly metric: IMetric;
  /**
   * Periods on end after which it is wrong that the metric has stayed below 1. Periods without a value count as good.
   *
   * @default - below 1 is as it should be
   */
  readonly silentPeriods?: number;
  /** What the alarm says, where the function is not one of ours. */
  readonly description?: string;
}

/** The alarm of a rotation function, whatever the number of secrets that it rotates. */
export class RotationAlarm extends Construct {
  readonly alarm: Alarm;
  private readonly topicArns = new Set<string>();

  constructor(scope: Construct, id: string, props: RotationAlarmProps) {
    super(scope, id);
    this.alarm = new Alarm(this, 'Default', {
      alarmDescription: props.description ?? DESCRIPTION,
      metric: props.metric,
      comparisonOperator: props.silentPeriods === undefined
        ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: props.silentPeriods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /**
   * Notifies a topic as well; the same topic from several secrets is one action. `requestedBy` is the construct that a refusal
   * names, and `property` what was given there.
   */
  addTopic(topic: ITopic, requestedBy: IConstruct = this, property = PROPERTY): void {
    if (this.topicArns.has(topic.topicArn)) {
      return;
    }
    this.requireSameRegion(topic, requestedBy, property);
    if (this.topicArns.size === MAXIMUM_TOPICS) {
      throw new ValidationError({
        scope: requestedBy,
        property,
        got: topic,
        allowed: `at most ${MAXIMUM_TOPICS} topics for the secrets that share one rotation function`,
        remedy: 'notify a topic that another of these secrets notifies, and subscribe to that one',
      });
    }
    refuseCircle({ from: this, to: topic }, 'make the topic in the stack of the platform, or in one that needs nothing of it');
    this.topicArns.add(topic.topicArn);
    this.alarm.addAlarmAction(new SnsAction(topic));
    allowAlarms(this, topic);
  }

  private requireSameRegion(topic: ITopic, requestedBy: IConstruct, property: string): void {
    const stack = Stack.of(this);
    if (otherPart(stack, topic.env, ['region'])) {
      throw new ValidationError({
        scope: requestedBy,
        property,
        got: topic.env.region,
        allowed: `a topic in the alarm's Region, ${stack.region}`,
        remedy: 'create a topic in that Region and subscribe to it from the other',
      });
    }
  }
}
