import type { ErrorClass } from '../core/rotation-error';

const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** What kind of failure an answer is whose error has no name that is known. One that should have been an answer is none of the service's. */
export function classOfStatus(status: number): ErrorClass {
  if (status === TOO_MANY_REQUESTS) {
    return 'throttling';
  }
  return status === 200 || status >= SERVER_ERROR ? 'unavailable' : 'conflict';
}
