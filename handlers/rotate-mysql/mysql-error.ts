import { codeOf, type ErrorClass, RotationError } from '../core/rotation-error';

/** Numbers that servers give errors, and what they mean to a rotation. */
const CLASSES: Readonly<Record<number, { errorClass: ErrorClass; text: string }>> = {
  1040: { errorClass: 'unavailable', text: 'the server is out of connections' },
  1044: { errorClass: 'permission', text: 'the user may not use the database, or not grant rights in it' },
  1045: { errorClass: 'authentication', text: 'the database refused the login' },
  1049: { errorClass: 'configuration', text: 'the database to connect to does not exist' },
  1053: { errorClass: 'unavailable', text: 'the server is shutting down' },
  1129: { errorClass: 'unavailable', text: 'the server has blocked the function\'s address after too many errors' },
  1130: { errorClass: 'configuration', text: 'the server accepts no logins from the function\'s address' },
  1141: { errorClass: 'configuration', text: 'the user does not exist' },
  1142: { errorClass: 'permission', text: 'the database does not let the user do this' },
  1143: { errorClass: 'permission', text: 'the database does not let the user do this' },
  1203: { errorClass: 'unavailable', text: 'the user has as many connections as it may have' },
  1205: { errorClass: 'conflict', text: 'the change collided with another one' },
  1213: { errorClass: 'conflict', text: 'the change collided with another one' },
  1226: { errorClass: 'unavailable', text: 'the user has used up what its limits allow' },
  1227: { errorClass: 'permission', text: 'the database does not let the user do this' },
  1290: {
    errorClass: 'configuration',
    text: 'an option of the server forbids it: it is read-only, or strict_password_validation refuses hashes',
  },
  1370: { errorClass: 'permission', text: 'the database does not let the user do this' },
  1396: { errorClass: 'conflict', text: 'the user has been created or dropped by somebody else meanwhile' },
  1410: { errorClass: 'permission', text: 'the database does not let the user grant rights' },
  1698: { errorClass: 'authentication', text: 'the database refused the login' },
  1819: {
    errorClass: 'configuration',
    text: 'the password does not satisfy the policy of the server: change the password rules',
  },
  1820: { errorClass: 'configuration', text: 'the password has expired: an administrator has to set a new one' },
  1836: { errorClass: 'readOnly', text: 'the server accepts no changes' },
  1862: { errorClass: 'configuration', text: 'the password has expired: an administrator has to set a new one' },
  3118: { errorClass: 'configuration', text: 'the user is locked' },
  3159: { errorClass: 'tls', text: 'the server does not regard the connection as encrypted' },
  3523: { errorClass: 'configuration', text: 'the user or one of the roles does not exist' },
  3638: { errorClass: 'configuration', text: 'the password has been used before, and the policy of the server forbids that' },
  4151: { errorClass: 'configuration', text: 'the user is locked' },
};

/** The server's number of an error, where it comes from the server and not from the network. */
export function numberOf(thrown: unknown): number | undefined {
  const { errno, sqlState } = thrown as { errno?: unknown; sqlState?: unknown };
  return typeof errno === 'number' && typeof sqlState === 'string' ? errno : undefined;
}

/** What may be disclosed of an error of the driver or the server: never its text or its `sql`, which quote statements. */
export function mysqlError(thrown: unknown): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const number = numberOf(thrown);
  if (number !== undefined) {
    const { errorClass, text } = CLASSES[number] ?? { errorClass: 'conflict', text: 'the database refused the statement' };
    return new RotationError(errorClass, text, String(number));
  }
  const code = codeOf(thrown);
  return code === undefined || code.startsWith('HANDSHAKE_') || code.startsWith('AUTH_')
    ? new RotationError('protocol', 'the server broke its protocol', code)
    : new RotationError('network', 'the connection to the database broke', code);
}

/** The same of a statement. To a server, a missing right is denied access, like a wrong password; but the login has worked. */
export function statementError(thrown: unknown): RotationError {
  const error = mysqlError(thrown);
  return error.errorClass === 'authentication'
    ? new RotationError('permission', 'the database does not let the user do this', error.code)
    : error;
}
