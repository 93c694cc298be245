import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ALTERNATE_USER_SUFFIX } from '../../contract/database-facts';
import { onceFor } from '../../core/once';

/** Stable: users acknowledge the note by this name. */
const FORMER_CLONE = 'cdk-secretsmanager-patterns:formerClone';

/**
 * Says what stays where a secret had two users before: nothing at synthesis knows what was deployed earlier. Once for each stack,
 * for whoever changes from two users to one reads it then, and everybody else acknowledges it once.
 */
export function noteFormerClone(scope: IConstruct): void {
  const stack = Stack.of(scope);
  onceFor(stack, 'note of former clones', () => Annotations.of(stack).addInfoV2(
    FORMER_CLONE,
    `'${scope.node.path}' rotates one user: where it or another secret of this stack had Rotation.alternatingUsers() before, the `
      + `user '<username>${ALTERNATE_USER_SUFFIX}' stays in the database with a password that works; drop it once no client uses `
      + 'it (docs/leaving.md)',
  ));
}
