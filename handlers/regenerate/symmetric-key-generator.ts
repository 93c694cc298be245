import { randomBytes } from 'node:crypto';
import type { ValueGenerator } from './value-generator';
import type { SymmetricKeyRules } from '../../src/contract/value-rules';

/** Random bytes in base64: a key for AES or HMAC. */
export class SymmetricKeyGenerator implements ValueGenerator {
  constructor(private readonly rules: SymmetricKeyRules) {}

  async generate(): Promise<string[]> {
    return [randomBytes(this.rules.bytes).toString('base64')];
  }

  couldHaveMade([value]: string[]): boolean {
    const bytes = Buffer.from(value, 'base64');
    return bytes.length === this.rules.bytes && bytes.toString('base64') === value;
  }
}
