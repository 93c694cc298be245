import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Fn, Stack } from 'aws-cdk-lib/core';
import { ValidationError } from '../../src/core/errors';
import { SecretMonitoring } from '../../src/monitoring/secret-monitoring';

describe('SecretMonitoring', () => {
  const stack = new Stack(new App(), 'Stack');

  test('watches failed rotations, without a topic unless one is given', () => {
    const topic = new Topic(stack, 'Topic');
    expect(SecretMonitoring.rotationFailure()._choice).toEqual({ kind: 'rotationFailure', topic: undefined });
    expect(SecretMonitoring.rotationFailure({ topic })._choice).toEqual({ kind: 'rotationFailure', topic });
  });

  test('watches nothing for a reason', () => {
    expect(SecretMonitoring.none('another tool does')._choice).toEqual({ kind: 'none', reason: 'another tool does' });
  });

  test.each([
    ['rotation failure', SecretMonitoring.rotationFailure()],
    ['a reason', SecretMonitoring.none('another tool does')],
    ['the longest reason', SecretMonitoring.none('x'.repeat(1024))],
    ['a reason that the template resolves', SecretMonitoring.none(Fn.importValue('Reason'))],
  ])('accepts %s', (_, monitoring) => {
    expect(() => monitoring._validate(stack)).not.toThrow();
  });

  test.each([
    ['an empty reason', ''],
    ['a blank reason', '  '],
    ['too long a reason', 'x'.repeat(1025)],
  ])('refuses %s', (_, reason) => {
    const monitoring = SecretMonitoring.none(reason);
    expect(() => monitoring._validate(stack)).toThrow(ValidationError);
    expect(() => monitoring._validate(stack)).toThrow(
      `[Stack] \`SecretMonitoring.none(reason)\` is ${JSON.stringify(reason.trim())}, allowed: a text of 1 to 1,024 characters; `
      + 'say why nobody needs to know of a failed rotation');
  });
});
