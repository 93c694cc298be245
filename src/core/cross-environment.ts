import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Whether the AWS CDK can refer to something there: what is in another account or Region it has to know by a name. */
export function canReferFrom(scope: IConstruct, value: unknown): boolean {
  try {
    Stack.of(scope).resolve(value);
    return true;
  } catch {
    return false;
  }
}
