import type { ValueGenerator } from './value-generator';
import type { PasswordRules } from '../../src/private/handler-contract';
import { generatePassword, satisfiesRules } from '../shared/generate-password';

/** A random string by rules for its characters. */
export class PasswordGenerator implements ValueGenerator {
  constructor(private readonly rules: PasswordRules) {}

  public async generate(): Promise<string[]> {
    return [generatePassword(this.rules)];
  }

  public couldHaveMade([value]: string[]): boolean {
    return satisfiesRules(value, this.rules);
  }
}
