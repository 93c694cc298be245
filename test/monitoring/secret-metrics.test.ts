import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { ConflictError } from '../../src/core/errors';
import { SecretMetrics } from '../../src/monitoring/secret-metrics';
import { SecretRecord } from '../../src/secret/private/secret-record';

const METRICS = [
  ['metricRotationErrors', 'Errors', 'Sum'],
  ['metricRotationDuration', 'Duration', 'Average'],
  ['metricRotationInvocations', 'Invocations', 'Sum'],
  ['metricRotationThrottles', 'Throttles', 'Sum'],
] as const;

describe('SecretMetrics', () => {
  const stack = new Stack(new App(), 'Stack');
  const rotationFunction = new LambdaFunction(stack, 'Function', {
    code: Code.fromInline('x'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
  });
  const rotated = new Secret(stack, 'Rotated');
  SecretRecord.of(rotated).rotatesWith(rotationFunction);

  test.each(METRICS)('%s is the metric %s of the rotation function, %s by default', (method, metricName, statistic) => {
    const metric = SecretMetrics.fromSecret(rotated)[method]();
    expect(metric).toMatchObject({
      namespace: 'AWS/Lambda',
      metricName,
      statistic,
      dimensions: { FunctionName: rotationFunction.functionName },
    });
    expect(metric.period.toMinutes()).toBe(5);
  });

  test.each(METRICS)('%s takes the usual options', (method) => {
    const metric = SecretMetrics.fromSecret(rotated)[method]({
      statistic: 'Maximum',
      period: Duration.hours(1),
      label: 'rotation',
    });
    expect(metric).toMatchObject({ statistic: 'Maximum', label: 'rotation' });
    expect(metric.period.toMinutes()).toBe(60);
  });

  test('a rotation that is added later counts', () => {
    const secret = new Secret(stack, 'Later');
    const metrics = SecretMetrics.fromSecret(secret);
    SecretRecord.of(secret).rotatesWith(rotationFunction);
    expect(metrics.metricRotationErrors().metricName).toBe('Errors');
  });

  test.each(METRICS)('%s of a secret that does not rotate says so', (method) => {
    const metrics = SecretMetrics.fromSecret(Secret.fromSecretNameV2(new Stack(), 'Plain', 'plain'));
    expect(() => metrics[method]()).toThrow(ConflictError);
    expect(() => metrics[method]()).toThrow(
      '[Default/Plain] the secret has no rotation function, and so no metrics of its rotation; '
        + 'give it a rotation first, or pass the secret that has it: `secret` of the HardenedSecret',
    );
  });
});
