import { randomUUID } from 'node:crypto';
import type { ValueGenerator } from './value-generator';

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A UUID of version 4: 122 random bits. */
export class UuidGenerator implements ValueGenerator {
  async generate(): Promise<string[]> {
    return [randomUUID()];
  }

  couldHaveMade([value]: string[]): boolean {
    return VERSION_4.test(value);
  }
}
