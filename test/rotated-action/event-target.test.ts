import { Template } from 'aws-cdk-lib/assertions';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { deployedActions, GENERATED, lambda } from './support';
import { HardenedSecret, RotatedAction, SecretHardening } from '../../src';
import { testApp } from '../support/scenario';

/** The rules of a stack: what they hear of, and where they send it. */
function rulesOf(stack: Stack): { resources: unknown[]; pattern: Record<string, unknown>; targets: unknown[] }[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'))
    .map(({ Properties: { EventPattern: pattern, Targets: targets } }) => ({ resources: pattern.resources, pattern, targets }));
}

describe('RotatedAction.eventTarget', () => {
  let stack: Stack;

  beforeEach(() => {
    stack = new Stack(testApp(), 'Stack');
  });

  test('sends the events of the secret to the target, and makes nothing else', () => {
    const creds = new HardenedSecret(stack, 'Creds', GENERATED);
    const queue = new Queue(stack, 'Queue');
    creds.onRotated('Queue', RotatedAction.eventTarget(new SqsQueue(queue)));
    const [{ pattern, targets }, ...others] = rulesOf(stack);
    expect(others).toEqual([]);
    expect(pattern).toEqual({
      'source': ['aws.secretsmanager'],
      'detail-type': ['Secret Label Updated'],
      'detail': { labelUpdated: ['AWSCURRENT'] },
      'resources': [stack.resolve(creds.secretArn)],
    });
    expect(targets).toEqual([expect.objectContaining({ Arn: stack.resolve(queue.queueArn) })]);
    expect(deployedActions(stack)).toEqual([]);
    expect(creds.alarms).toEqual([]);
  });

  test('an imported secret is known by the beginning of its ARN', () => {
    const existing = Secret.fromSecretNameV2(stack, 'Existing', 'legacy');
    SecretHardening.fromSecret(existing).onRotated('Queue', RotatedAction.eventTarget(new SqsQueue(new Queue(stack, 'Queue'))));
    expect(rulesOf(stack)[0].resources).toEqual([{ prefix: stack.resolve(`${existing.secretArn}-`) }]);
  });

  test('secrets with the same target share rules, each within the length of a pattern; another target has its own', () => {
    const [one, two] = ['One', 'Two'].map((id) => new LambdaTarget(lambda(stack, id)));
    for (let index = 0; index < 40; index++) {
      const creds = new HardenedSecret(stack, `Creds${index}`, GENERATED);
      creds.onRotated('One', RotatedAction.eventTarget(one));
      if (index === 0) {
        creds.onRotated('Two', RotatedAction.eventTarget(two));
      }
    }
    const rules = rulesOf(stack);
    const lengths = rules.map(({ pattern }) => JSON.stringify(pattern).replace(/\{"Ref":"(\w+)"\}/g, (_, id: string) =>
      `"arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:${id}-AbCdEfGhIjKl-AbCdEf"`).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2048);
    expect(rules.map(({ resources }) => resources.length).reduce((sum, length) => sum + length)).toBe(41);
    expect(rules.length).toBeLessThanOrEqual(6);
  });
});
