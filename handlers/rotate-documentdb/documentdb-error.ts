import { codeOf, type ErrorClass, RotationError } from '../core/rotation-error';

/** Numbers that servers give errors, and what they mean to a rotation. */
const CLASSES: Readonly<Record<number, { errorClass: ErrorClass; text: string }>> = {
  11: { errorClass: 'configuration', text: 'the user does not exist' },
  13: { errorClass: 'permission', text: 'the database does not let the user do this' },
  18: { errorClass: 'authentication', text: 'the database refused the login' },
  31: { errorClass: 'configuration', text: 'one of the roles does not exist' },
  50: { errorClass: 'timeout', text: 'the command took too long' },
  59: { errorClass: 'configuration', text: 'the server does not know a command that rotations need' },
  64: { errorClass: 'unavailable', text: 'the change has not reached a majority of the servers in time' },
  91: { errorClass: 'unavailable', text: 'the server is shutting down' },
  112: { errorClass: 'conflict', text: 'the change collided with another one' },
  189: { errorClass: 'readOnly', text: 'the server has stepped down and accepts no changes' },
  303: { errorClass: 'configuration', text: 'the server does not know a field that rotations need' },
  334: { errorClass: 'configuration', text: 'the server does not offer the method that the user signs in with' },
  10107: { errorClass: 'readOnly', text: 'the server accepts no changes: it is not the primary' },
  11600: { errorClass: 'unavailable', text: 'the server is shutting down' },
  11602: { errorClass: 'unavailable', text: 'the server is changing its role' },
  13435: { errorClass: 'readOnly', text: 'the server accepts no changes: it is not the primary' },
  13436: { errorClass: 'unavailable', text: 'the server is neither primary nor secondary for now' },
  51003: { errorClass: 'conflict', text: 'the user has been created by somebody else meanwhile' },
};
/** The driver's names of errors of the connection. */
const NETWORK = /^MongoNetwork(Timeout)?Error$/;

/** What may be disclosed of an error of the driver or the server: never its text, which may quote commands. */
export function documentdbError(thrown: unknown): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const { name, code, errorResponse } = thrown as { name?: unknown; code?: unknown; errorResponse?: unknown };
  if (errorResponse !== undefined && typeof code === 'number') {
    const { errorClass, text } = CLASSES[code] ?? { errorClass: 'conflict', text: 'the database refused the command' };
    return new RotationError(errorClass, text, String(code));
  }
  return NETWORK.test(String(name))
    ? new RotationError('network', 'the connection to the database broke', codeOf((thrown as { cause?: unknown }).cause))
    : new RotationError('protocol', 'the server broke its protocol', codeOf(thrown));
}
