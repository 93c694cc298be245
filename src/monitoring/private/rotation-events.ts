import { Rule } from 'aws-cdk-lib/aws-events';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { allowEventRules } from './topic-access';

/** Properties of {@link RotationEvents}. */
export interface RotationEventsProps {
  readonly secret: ISecret;
  readonly topic: ITopic;
}

/**
 * Sends to a topic what Secrets Manager itself says about failed rotations of one secret.
 *
 * The events come by way of CloudTrail, best effort: there must be a trail that logs management events in the Region. The alarm
 * of the rotation function needs none. Each secret takes one of the rules that an event bus may have (300, a quota that can be
 * raised).
 */
export class RotationEvents extends Construct {
  readonly rule: Rule;

  constructor(scope: Construct, id: string, props: RotationEventsProps) {
    super(scope, id);
    this.rule = new Rule(this, 'Default', {
      description: 'Secrets Manager gave up a rotation of the secret, or a rotation failed',
      eventPattern: {
        source: ['aws.secretsmanager'],
        detailType: ['AWS Service Event via CloudTrail'],
        detail: {
          eventSource: ['secretsmanager.amazonaws.com'],
          eventName: ['RotationFailed', 'RotationAbandoned', 'TestRotationFailed'],
          additionalEventData: { SecretId: secretIds(props.secret) },
        },
      },
      // Not the library's own target: it would repeat its statement in the topic's policy for each secret.
      targets: [{ bind: () => ({ arn: props.topic.topicArn }) }],
    });
    allowEventRules(this, props.topic);
  }
}

/** Events carry the whole ARN; a secret that is known by name only has one without its last characters. */
function secretIds(secret: ISecret): (string | { prefix: string })[] {
  return secret.secretFullArn === undefined ? [{ prefix: `${secret.secretArn}-` }] : [secret.secretFullArn];
}
