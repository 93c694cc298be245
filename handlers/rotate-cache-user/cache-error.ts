import { classOfStatus } from '../aws/class-of-status';
import { type ErrorClass, RotationError } from '../core/rotation-error';

/** By the name without its ending, which only one of the protocols has. */
const CLASSES: Readonly<Record<string, ErrorClass>> = {
  AccessDenied: 'permission',
  ExpiredToken: 'permission',
  InvalidClientTokenId: 'permission',
  InvalidSignature: 'permission',
  MissingAuthenticationToken: 'permission',
  OptInRequired: 'permission',
  SignatureDoesNotMatch: 'permission',
  UnrecognizedClient: 'permission',
  ServiceLinkedRoleNotFound: 'configuration',
  UserNotFound: 'configuration',
  InvalidParameterValue: 'configuration',
  InvalidParameterCombination: 'configuration',
  InvalidUserState: 'conflict',
  Throttling: 'throttling',
  RequestLimitExceeded: 'throttling',
  InternalFailure: 'unavailable',
  ServiceUnavailable: 'unavailable',
};

/** The error for a failed answer, without the service's text, which may quote a password. */
export function cacheError(service: string, action: string, status: number, name: unknown): RotationError {
  const code = typeof name === 'string' ? name.slice(name.lastIndexOf('#') + 1) : `HTTP${status}`;
  return new RotationError(
    CLASSES[code.replace(/(Fault|Exception)$/, '')] ?? classOfStatus(status),
    `${service} refused ${action}`,
    code,
  );
}
