import type { ErrorClass } from '../core/rotation-error';

const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** The kind of failure of an answer without a known error. One of success that cannot be read did not come from the service. */
export function classOfStatus(status: number): ErrorClass {
  if (status === TOO_MANY_REQUESTS) {
    return 'throttling';
  }
  return status === 200 || status >= SERVER_ERROR ? 'unavailable' : 'conflict';
}
