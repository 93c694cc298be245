import { classOfStatus } from '../aws/class-of-status';
import { type ErrorClass, RotationError } from '../core/rotation-error';

export const NO_SUCH_ENTITY = 'NoSuchEntity';
export const LIMIT_EXCEEDED = 'LimitExceeded';

const CLASSES: Readonly<Record<string, ErrorClass>> = {
  AccessDenied: 'permission',
  ExpiredToken: 'permission',
  InvalidClientTokenId: 'permission',
  OptInRequired: 'permission',
  SignatureDoesNotMatch: 'permission',
  [NO_SUCH_ENTITY]: 'configuration',
  [LIMIT_EXCEEDED]: 'conflict',
  Throttling: 'throttling',
  RequestLimitExceeded: 'throttling',
  ServiceFailure: 'unavailable',
  ServiceUnavailable: 'unavailable',
};

/** The error for a failed answer of IAM, without the text of the answer. */
export function iamError(action: string, status: number, code = `HTTP${status}`): RotationError {
  return new RotationError(CLASSES[code] ?? classOfStatus(status), `AWS IAM refused ${action}${hint(action, code)}`, code);
}

function hint(action: string, code: string): string {
  if (code === NO_SUCH_ENTITY && action === 'ListAccessKeys') {
    return ': the user that the secret is bound to does not exist';
  }
  return code === LIMIT_EXCEEDED ? ': the user has two access keys already' : '';
}
