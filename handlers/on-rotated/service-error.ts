import { classOfStatus } from '../aws/class-of-status';
import { type ErrorClass, RotationError } from '../core/rotation-error';

/** By the name without its ending, which not every protocol has. */
const CLASSES: Readonly<Record<string, ErrorClass>> = {
  AccessDenied: 'permission',
  ExpiredToken: 'permission',
  InvalidClientTokenId: 'permission',
  InvalidSignature: 'permission',
  SignatureDoesNotMatch: 'permission',
  UnrecognizedClient: 'permission',
  ClusterNotFound: 'configuration',
  InvalidArn: 'configuration',
  InvalidDocument: 'configuration',
  InvalidParameter: 'configuration',
  InvalidParameters: 'configuration',
  ParameterNotFound: 'configuration',
  QueueDoesNotExist: 'configuration',
  ResourceNotFound: 'configuration',
  ServiceNotActive: 'configuration',
  ServiceNotFound: 'configuration',
  StateMachineDeleting: 'configuration',
  StateMachineDoesNotExist: 'configuration',
  Validation: 'configuration',
  ValidationError: 'configuration',
  RequestThrottled: 'throttling',
  Throttling: 'throttling',
  TooManyUpdates: 'throttling',
  InternalFailure: 'unavailable',
  InternalServerError: 'unavailable',
  ServerException: 'unavailable',
  ServiceUnavailable: 'unavailable',
};

/** Errors of a REST API, whose answers have the code in no place that is read. */
const CLASSES_BY_STATUS: Readonly<Record<number, ErrorClass>> = {
  401: 'permission', 403: 'permission', 404: 'configuration',
};

/** The error for a failed answer of a service, without the service's text. */
export function serviceError(service: string, action: string, status: number, code = `HTTP${status}`): RotationError {
  const errorClass = CLASSES[code] ?? CLASSES[code.replace(/(Fault|Exception)$/, '')] ?? CLASSES_BY_STATUS[status]
    ?? classOfStatus(status);
  return new RotationError(errorClass, `${service} refused ${action}`, code);
}
