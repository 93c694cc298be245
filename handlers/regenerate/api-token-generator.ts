import { randomInt } from 'node:crypto';
import type { ValueGenerator } from './value-generator';
import type { ApiTokenRules } from '../../src/contract/value-rules';

/** A prefix that says what the token is for, and random characters of an alphabet. */
export class ApiTokenGenerator implements ValueGenerator {
  constructor(private readonly rules: ApiTokenRules) {}

  async generate(): Promise<string[]> {
    const { prefix, alphabet, length } = this.rules;
    return [prefix + Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')];
  }

  couldHaveMade([value]: string[]): boolean {
    const { prefix, alphabet, length } = this.rules;
    return value.startsWith(prefix) && value.length === prefix.length + length
      && [...value.slice(prefix.length)].every((character) => alphabet.includes(character));
  }
}
