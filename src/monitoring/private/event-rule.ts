import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Lazy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type SecretPattern, SecretPatterns } from './secret-patterns';

/**
 * A rule that sends what Secrets Manager says about failed rotations of some secrets to some topics.
 *
 * The events come by way of CloudTrail, best effort: there must be a trail that logs management events in the Region.
 */
export class EventRule extends Construct {
  private readonly patterns = new SecretPatterns(patternOf);

  /** `topics` may grow afterwards. */
  constructor(scope: Construct, id: string, topics: ITopic[]) {
    super(scope, id);
    new CfnRule(this, 'Default', {
      description: 'Secrets Manager gave up a rotation of a secret, or a rotation failed',
      eventPattern: Lazy.any({ produce: () => this.patterns.pattern }),
      state: 'ENABLED',
      targets: Lazy.any({ produce: () => topics.map((topic, index) => ({ id: `Target${index}`, arn: topic.topicArn })) }),
    });
  }

  /** Adds secrets, if the pattern has room for them. */
  add(pattern: SecretPattern, fixedName?: string): boolean {
    return this.patterns.add(pattern, fixedName);
  }
}

function patternOf(secrets: SecretPattern[]): object {
  return {
    'source': ['aws.secretsmanager'],
    'detail-type': ['AWS Service Event via CloudTrail'],
    'detail': {
      eventSource: ['secretsmanager.amazonaws.com'],
      eventName: ['RotationFailed', 'RotationAbandoned', 'TestRotationFailed'],
      additionalEventData: { SecretId: secrets },
    },
  };
}
