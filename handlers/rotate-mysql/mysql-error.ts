import { ERRORS_OF_ANY_PHASE, LOGIN_ERRORS, type Meanings, PASSWORD_ERRORS, STATEMENT_ERRORS } from './error-tables';
import { codeOf, RotationError } from '../core/rotation-error';
import type { Meaning } from '../database/error-phases';

/** What may be disclosed of an error of a login: never the text of the driver or the server. */
export function loginError(thrown: unknown): RotationError {
  return classified(thrown, LOGIN_ERRORS, {
    errorClass: 'permission',
    text: 'the server does not let the user in, and not because of the password: look up its error number',
  });
}

/** The same of a statement that sets a password; the driver's error has its `sql`. */
export function passwordError(thrown: unknown): RotationError {
  return classified(thrown, PASSWORD_ERRORS, {
    errorClass: 'conflict',
    text: 'the server did not set the password, for a reason that this function does not know: look up its error number',
  });
}

/** The same of any other statement. */
export function statementError(thrown: unknown): RotationError {
  return classified(thrown, STATEMENT_ERRORS, {
    errorClass: 'conflict',
    text: 'the server refused a statement, for a reason that this function does not know: look up its error number',
  });
}

/** Whether a statement is known not to have set a password; otherwise its error says nothing about that. */
export function isKnownRefusal(thrown: unknown): boolean {
  const number = numberOf(thrown);
  return number === undefined || number in PASSWORD_ERRORS;
}

/** The server's number of an error, where it comes from the server and not from the network. */
export function numberOf(thrown: unknown): number | undefined {
  const { errno, sqlState } = thrown as { errno?: unknown; sqlState?: unknown };
  return typeof errno === 'number' && typeof sqlState === 'string' ? errno : undefined;
}

function classified(thrown: unknown, meanings: Meanings, unknown: Meaning): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const number = numberOf(thrown);
  if (number !== undefined) {
    const { errorClass, text } = meanings[number] ?? ERRORS_OF_ANY_PHASE[number] ?? unknown;
    return new RotationError(errorClass, text, String(number));
  }
  const code = codeOf(thrown);
  return code === undefined || code.startsWith('HANDSHAKE_') || code.startsWith('AUTH_')
    ? new RotationError('protocol', 'the server broke its protocol', code)
    : new RotationError('network', 'the connection to the database broke', code);
}
