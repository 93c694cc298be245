import { RotationError } from '../core/rotation-error';

/** The answer to a question that has one: a server without it is broken, or what it was asked about has just been dropped. */
export function onlyRow<T>([row]: readonly T[]): T {
  if (row === undefined) {
    throw new RotationError('protocol', 'the server answers a question that has one answer with no row: rotate again');
  }
  return row;
}
