import { RotationError } from '../core/rotation-error';

/** Characters that SASLprep (RFC 4013) leaves as they are once they are normalised; drivers treat others differently. */
const FIT = /^[\x20-\x7e\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]+$/u;

/** The form of a password from which SCRAM-SHA-256 derives its keys. */
export function preparePassword(password: string): string {
  const prepared = password.normalize('NFKC');
  if (!FIT.test(prepared)) {
    throw new RotationError(
      'configuration',
      'the password has characters that MongoDB clients do not treat alike: the password rules must exclude them',
    );
  }
  return prepared;
}
