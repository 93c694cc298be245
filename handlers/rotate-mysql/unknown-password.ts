import { randomBytes } from 'node:crypto';

const BYTES = 24;

/** A password that nobody knows, with the characters that servers demand of passwords. */
export function unknownPassword(): string {
  return `${randomBytes(BYTES).toString('base64')}aA1!`;
}
