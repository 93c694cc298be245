import { classOfStatus } from './class-of-status';
import { type ErrorClass, RotationError } from '../core/rotation-error';

const CLASSES: Readonly<Record<string, ErrorClass>> = {
  AccessDeniedException: 'permission',
  DecryptionFailure: 'permission',
  EncryptionFailure: 'permission',
  UnrecognizedClientException: 'permission',
  InvalidSignatureException: 'permission',
  ExpiredTokenException: 'permission',
  ResourceNotFoundException: 'configuration',
  MalformedPolicyDocumentException: 'configuration',
  LimitExceededException: 'conflict',
  InvalidParameterException: 'conflict',
  InvalidRequestException: 'conflict',
  PreconditionNotMetException: 'conflict',
  ResourceExistsException: 'conflict',
  ValidationException: 'conflict',
  ThrottlingException: 'throttling',
  TooManyRequestsException: 'throttling',
  RequestLimitExceeded: 'throttling',
  InternalServiceError: 'unavailable',
  ServiceUnavailable: 'unavailable',
};

/** The error for a failed answer of Secrets Manager, without the text of the answer. */
export function errorOf(action: string, status: number, code = `HTTP${status}`): RotationError {
  return new RotationError(CLASSES[code] ?? classOfStatus(status), `Secrets Manager refused ${action}`, code);
}
