import type { Deadline } from '../core/deadline';

/** Makes values of one kind: one value, or a private key and its public key. */
export interface ValueGenerator {
  generate(deadline: Deadline): Promise<string[]>;
  /** Whether these are values that it could have made. */
  couldHaveMade(values: string[]): boolean;
}
