import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { requireStandard } from './private/topic-access';
import { requireText } from '../core/validate';

/**
 * Properties of the monitoring of failed rotations.
 */
export interface RotationFailureOptions {
  /**
   * Topic that is notified, a standard topic in the secret's Region.
   *
   * Statements for CloudWatch alarms and EventBridge are added to its policy and to the policy of its key, where both are defined
   * in the app; elsewhere a warning says what they must allow. The first statement replaces the policy that Amazon SNS gives a
   * new topic: other services of the account that publish to it need a statement each. EventBridge supports no condition on the
   * source in that policy, so whoever knows the topic's ARN might have it send a false notice.
   *
   * The secrets that share one rotation function can notify five topics.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   * @default - the alarm changes its state and notifies nobody, and no event rule is made
   */
  readonly topic?: ITopic;
}

/** What is to be watched. */
interface MonitoringChoice {
  readonly kind: 'rotationFailure' | 'none';
  readonly topic?: ITopic;
  readonly reason?: string;
}

/**
 * What is watched about a secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html
 *
 * @example
 * new HardenedSecret(this, 'Watched', {
 *   rotation: Rotation.regenerate(),
 *   monitoring: SecretMonitoring.rotationFailure({ topic }),
 * });
 */
export class SecretMonitoring {
  /**
   * An alarm on errors of the rotation function, which also runs once a day to look for what did not happen: an overdue rotation,
   * a schedule that was turned off, a replica out of sync, another key than expected.
   *
   * Neither needs a trail. With a topic, the failures that Secrets Manager itself reports are sent to it as well: these events
   * come through AWS CloudTrail and need a trail that logs management events in the Region. The alarm costs about 0.10 USD a
   * month for each rotation function, however many secrets it rotates.
   *
   * @param options where to send notifications.
   * @throws where the topic is in another Region, or is the sixth for one rotation function.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  static rotationFailure(options: RotationFailureOptions = {}): SecretMonitoring {
    return new SecretMonitoring({ kind: 'rotationFailure', topic: options.topic });
  }

  /**
   * Nothing: the daily audit does not expect this secret, and its failures notify nobody.
   *
   * The alarm belongs to the rotation function and stays: it still counts the errors of every secret that the function rotates.
   *
   * @param reason why that is right, for whoever reads the code: 1 to 1,024 characters.
   * @throws where the reason is empty or too long.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring.html
   */
  static none(reason: string): SecretMonitoring {
    return new SecretMonitoring({ kind: 'none', reason });
  }

  /** @internal */
  readonly _choice: MonitoringChoice;

  private constructor(choice: MonitoringChoice) {
    this._choice = choice;
  }

  /** @internal */
  _validate(scope: IConstruct): void {
    requireText(
      { scope, property: 'SecretMonitoring.none(reason)', remedy: 'say why nobody needs to know of a failed rotation' },
      this._choice.reason?.trim(),
      {
        minimum: 1,
        maximum: 1024,
        allowed: 'a text of 1 to 1,024 characters',
      },
    );
    requireStandard(scope, 'SecretMonitoring.rotationFailure(topic)', this._choice.topic);
  }
}
