import { type ResourceEnvironment, Stack, Token, TokenComparison } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from './errors';
import type { Input } from './validate';

type Part = 'account' | 'region';

/** The first part in which an environment is another one, as far as both are known. */
export function otherPart(
  own: ResourceEnvironment, other: ResourceEnvironment, parts: readonly Part[] = ['account', 'region'],
): Part | undefined {
  return parts.find((part) => Token.compareStrings(own[part], other[part]) === TokenComparison.DIFFERENT);
}

/** Refuses what is in another account or Region than the construct that it is given to, as far as both are known. */
export function requireInEnvironment(
  input: Input, given: IConstruct, environment: ResourceEnvironment, parts: readonly Part[],
): void {
  const own = Stack.of(input.scope);
  const other = otherPart(own, environment, parts);
  if (other !== undefined) {
    const [got, allowed] = [`${given.node.path} in ${environment[other]}`, `one in the ${other} ${own[other]}`];
    throw new ValidationError({ ...input, got, allowed });
  }
}
