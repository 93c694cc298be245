import { type ResourceEnvironment, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from './errors';
import type { Input } from './validate';

/** Refuses what is in another account or Region than the construct that it is given to, as far as both are known. */
export function requireInEnvironment(
  input: Input, given: IConstruct, environment: ResourceEnvironment, parts: readonly (keyof ResourceEnvironment)[],
): void {
  const own = Stack.of(input.scope);
  for (const name of parts) {
    const [expected, got] = [own[name], environment[name]];
    if (!Token.isUnresolved(expected) && !Token.isUnresolved(got) && expected !== got) {
      throw new ValidationError({ ...input, got: `${given.node.path} in ${got}`, allowed: `one in the ${name} ${expected}` });
    }
  }
}
