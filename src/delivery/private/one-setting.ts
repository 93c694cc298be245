import type { IConstruct } from 'constructs';
import { ConflictError } from '../../core/errors';

/** What a consumer has one of for all its secrets, such as an extension. */
export interface SharedThing {
  readonly consumer: IConstruct;
  /** As messages call it: 'extension'. */
  readonly what: string;
}

/** Takes a setting of what all secrets of a consumer share: it may be given once, or the same each time. */
export function oneSetting<T>(
  { consumer, what }: SharedThing, property: string, former: T | undefined, next: T | undefined, text: (value: T) => unknown,
): T | undefined {
  if (former !== undefined && next !== undefined && text(former) !== text(next)) {
    throw new ConflictError(consumer, `its ${what} has another \`${property}\` already`,
      `give it once: there is one ${what} for all secrets that are read here`);
  }
  return next ?? former;
}
