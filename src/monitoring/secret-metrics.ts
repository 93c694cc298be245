import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConflictError } from '../core/errors';
import { requireSecret } from '../core/require-secret';
import { SecretRecord } from '../secret/private/secret-record';

/**
 * Metrics about the rotation of a secret.
 *
 * AWS publishes none for a single secret: these are AWS Lambda's metrics of the function that rotates it, and count what
 * the function does for all the secrets that share it, the daily audit included.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 *
 * @example
 * secret.metrics.metricRotationErrors({ period: Duration.hours(1) });
 */
export class SecretMetrics {
  /**
   * The metrics of a secret.
   *
   * @param secret a secret that rotates; the rotation may be added later.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudwatch.html
   */
  static fromSecret(secret: ISecret): SecretMetrics {
    return new SecretMetrics(requireSecret('SecretMetrics.fromSecret(secret)', secret));
  }

  private readonly secret: ISecret;

  private constructor(secret: ISecret) {
    this.secret = secret;
  }

  /**
   * Rotation steps and audits that failed. A failed rotation counts more than once, because it is retried. Unit: count.
   *
   * @default - sum over 5 minutes
   * @throws where the secret has no rotation function of this library.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  metricRotationErrors(props?: MetricOptions): Metric {
    return this.rotationFunction().metricErrors(props);
  }

  /**
   * How long a rotation step took. Unit: milliseconds.
   *
   * @default - average over 5 minutes
   * @throws where the secret has no rotation function of this library.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  metricRotationDuration(props?: MetricOptions): Metric {
    return this.rotationFunction().metricDuration(props);
  }

  /**
   * Rotation steps and audits that ran: a rotation has four steps. Unit: count.
   *
   * @default - sum over 5 minutes
   * @throws where the secret has no rotation function of this library.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  metricRotationInvocations(props?: MetricOptions): Metric {
    return this.rotationFunction().metricInvocations(props);
  }

  /**
   * Rotation steps that could not start for lack of concurrency. Unit: count.
   *
   * @default - sum over 5 minutes
   * @throws where the secret has no rotation function of this library.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  metricRotationThrottles(props?: MetricOptions): Metric {
    return this.rotationFunction().metricThrottles(props);
  }

  private rotationFunction(): IFunction {
    const { rotationFunction } = SecretRecord.of(this.secret);
    if (!rotationFunction) {
      throw new ConflictError(this.secret, 'the secret has no rotation function, and so no metrics of its rotation',
        'give it a rotation first, or pass the secret that has it: `secret` of the HardenedSecret');
    }
    return rotationFunction;
  }
}
