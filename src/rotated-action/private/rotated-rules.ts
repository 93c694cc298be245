import { type CfnRule, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Lazy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { onceFor } from '../../core/once';
import { eventPatternOf, type SecretPattern, SecretPatterns } from '../../monitoring/private/secret-patterns';
import type { SecretRecord } from '../../secret/private/secret-record';

/** What Secrets Manager sends when a version becomes the current one. It needs no trail. */
export const LABEL_UPDATED = {
  'source': ['aws.secretsmanager'],
  'detail-type': ['Secret Label Updated'],
  'detail': { labelUpdated: ['AWSCURRENT'] },
};

/** Sends the events of a secret to a target: by a rule of the secret's stack, which secrets with the same target share. */
export function sendToTarget(scope: Construct, { secret, fixedName }: SecretRecord, target: IRuleTarget): void {
  const rules = onceFor(Stack.of(scope), 'rules after rotations', () => new Map<IRuleTarget, SecretPatterns>());
  const pattern = eventPatternOf(scope, secret);
  if (!rules.get(target)?.add(pattern, fixedName)) {
    const patterns = new SecretPatterns(patternOf);
    patterns.add(pattern, fixedName);
    rules.set(target, patterns);
    const rule = new Rule(scope, 'Rule', {
      description: 'A secret has a new value',
      eventPattern: { source: LABEL_UPDATED.source },
      targets: [target],
    });
    (rule.node.defaultChild as CfnRule).eventPattern = Lazy.any({ produce: () => patterns.pattern });
  }
}

function patternOf(resources: SecretPattern[]): object {
  return { ...LABEL_UPDATED, resources };
}
