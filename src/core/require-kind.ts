import type { IConstruct } from 'constructs';
import { ValidationError } from './errors';

/** What a value has to be, and how one is made: what languages without types cannot check. */
export interface Kind {
  /** A member that only such values have. */
  readonly member: string;
  readonly allowed: string;
}

/** Refuses a value of another kind. */
export function requireKind(scope: IConstruct, property: string, value: unknown, { member, allowed }: Kind): void {
  const fits = value === undefined || (typeof value === 'object' && value !== null && member in value);
  if (!fits) {
    throw new ValidationError({ scope, property, got: gotOf(value), allowed, remedy: 'make it with one of these' });
  }
}

/** Never a text: it may be the secret value itself. */
function gotOf(value: unknown): unknown {
  return typeof value === 'string' ? 'a text' : typeof value === 'function' ? 'a function' : value;
}
