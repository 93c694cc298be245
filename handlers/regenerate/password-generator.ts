import type { ValueGenerator } from './value-generator';
import type { PasswordRules } from '../../src/contract/password-rules';
import { generatePassword, satisfiesRules } from '../database/generate-password';

/** A random string by rules for its characters. */
export class PasswordGenerator implements ValueGenerator {
  constructor(private readonly rules: PasswordRules) {}

  async generate(): Promise<string[]> {
    return [generatePassword(this.rules)];
  }

  couldHaveMade([value]: string[]): boolean {
    return satisfiesRules(value, this.rules);
  }
}
