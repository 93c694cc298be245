import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { type IManagedPolicy, type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { rotationDefinition } from './rotation-definition';
import { UndeliveredEvents } from './undelivered-events';
import { RotationAlarm } from '../../monitoring/private/rotation-alarm';
import { allowEventRules, requireStandard } from '../../monitoring/private/topic-access';

/** What is watched. */
export interface RotationAfterUseProps {
  /** The role whose reads count. */
  readonly role: IRole;
  readonly topic: ITopic;
  readonly sessionDuration: Duration;
  readonly permissionsBoundary?: IManagedPolicy;
  /** ARNs, with `*`, of secrets that a second rotation has to follow for. */
  readonly rotatedTwice: () => readonly string[];
}

const ALARM = 'A secret that was read in an emergency could not be rotated after it: whoever read it still knows the value. '
  + 'The failed execution of the state machine says why; put it right, and rotate the secret.';

/** Reports reads of a role, and rotates what it has read. Needs no code: a rule and a state machine. */
export class RotationAfterUse extends Construct {
  /** The role that rotates: what it may rotate is granted secret by secret. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: RotationAfterUseProps) {
    super(scope, id);
    requireStandard(scope, 'topic', props.topic);
    this.role = new Role(this, 'Role', {
      description: 'Rotates secrets that were read in an emergency',
      assumedBy: this.service('states.amazonaws.com'),
      permissionsBoundary: props.permissionsBoundary,
    });
    const stateMachine = new CfnStateMachine(this, 'StateMachine', {
      roleArn: this.role.roleArn,
      // Which secrets it is for is known when all constructs are made.
      definition: Lazy.any({
        produce: () => rotationDefinition(this, { sessionDuration: props.sessionDuration, rotatedTwice: props.rotatedTwice() }),
      }),
    });
    const alarm = new RotationAlarm(this, 'Alarm', {
      metric: new Metric({
        namespace: 'AWS/States',
        metricName: 'ExecutionsFailed',
        dimensionsMap: { StateMachineArn: stateMachine.attrArn },
        period: Duration.minutes(5),
        statistic: Stats.SUM,
      }),
      description: ALARM,
    });
    [alarm, this.report(props, stateMachine.attrArn).alarm].forEach((each) => each.addTopic(props.topic, scope, 'topic'));
  }

  private report({ role, topic, permissionsBoundary }: RotationAfterUseProps, stateMachineArn: string): UndeliveredEvents {
    allowEventRules(this, topic);
    const undelivered = new UndeliveredEvents(this, 'Undelivered');
    const { deadLetterConfig } = undelivered;
    const starting = new Role(this, 'RuleRole', {
      description: 'Lets EventBridge start the rotation of a secret that was read in an emergency',
      assumedBy: this.service('events.amazonaws.com'),
      permissionsBoundary,
      managedPolicies: [new ManagedPolicy(this, 'RulePolicy', {
        statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] })],
      })],
    });
    const rule = new CfnRule(this, 'Rule', {
      description: 'A secret was read in an emergency',
      eventPattern: {
        'source': ['aws.secretsmanager'],
        'detail-type': ['AWS API Call via CloudTrail'],
        'detail': {
          eventName: ['GetSecretValue'],
          userIdentity: { sessionContext: { sessionIssuer: { arn: [role.roleArn] } } },
        },
      },
      // A rule that is only enabled hears of no reads.
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      targets: [
        { id: 'Topic', arn: topic.topicArn, deadLetterConfig },
        { id: 'Rotation', arn: stateMachineArn, roleArn: starting.roleArn, deadLetterConfig },
      ],
    });
    undelivered.takeFrom(rule);
    return undelivered;
  }

  private service(name: string): ServicePrincipal {
    return new ServicePrincipal(name, { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } });
  }
}
