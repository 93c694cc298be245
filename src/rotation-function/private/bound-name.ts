import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { RotationContext } from './rotation-request';
import { ConflictError } from '../../core/errors';

/** The name under which functions know a secret: its ARN in the same stack, else the name, so that no dependency turns round. */
export function boundNameOf(context: RotationContext, home: IConstruct): string {
  if (Stack.of(context.scope) === Stack.of(home)) {
    return context.secret.secretArn;
  }
  if (context.fixedName === undefined) {
    throw new ConflictError(context.scope, 'the secret is in another stack than its platform and has no fixed name, so the rotation function cannot be told of it',
      'give the secret a `secretName`');
  }
  return context.fixedName;
}
