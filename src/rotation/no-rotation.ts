import type { Construct } from 'constructs';
import { ValidationError } from '../core/errors';

/** Refuses an empty reason: it is what tells those who read the code how the secret is renewed. */
export function requireReason(scope: Construct, reason: string): void {
  if (reason.trim() === '') {
    throw new ValidationError({
      scope,
      property: 'Rotation.none(reason)',
      got: reason,
      allowed: 'a text',
      remedy: 'say why the secret does not rotate and how it is renewed',
    });
  }
}
