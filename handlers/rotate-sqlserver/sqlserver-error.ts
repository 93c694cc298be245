import { codeOf, type ErrorClass, RotationError } from '../core/rotation-error';
import { tlsError } from '../tls/tls-error';

type Meaning = readonly [errorClass: ErrorClass, text: string];

const NOT_ALLOWED = ['permission', 'the server does not let the user do this'] as const;
const UNAVAILABLE = ['unavailable', 'the server or the database does not take logins at the moment'] as const;
const POLICY = ['configuration', 'the password does not satisfy the policy of the server: change the password rules'] as const;
const TOO_SOON = [
  'configuration',
  'the policy of the server does not let the user have this password now: it has been changed lately, or used before',
] as const;
const COLLISION = ['conflict', 'the change collided with another one'] as const;
const REFUSED_LOGIN = ['authentication', 'the database refused the login'] as const;
const NO_DATABASE = ['configuration', 'the user may not open the database to connect to, or no database has that name'] as const;

/** Numbers that the server gives errors, and what they mean to a rotation. */
const CLASSES: Readonly<Record<number, Meaning>> = {
  229: NOT_ALLOWED,
  230: NOT_ALLOWED,
  262: NOT_ALLOWED,
  297: NOT_ALLOWED,
  300: NOT_ALLOWED,
  911: NO_DATABASE,
  916: ['permission', 'the user may not open a database'],
  976: UNAVAILABLE,
  1205: COLLISION,
  1222: COLLISION,
  3906: ['readOnly', 'the database accepts no changes: it is a replica, or read-only for now'],
  4060: NO_DATABASE,
  4064: NO_DATABASE,
  4613: ['permission', 'the superuser may not grant a permission that the user has: it needs it WITH GRANT OPTION'],
  6005: UNAVAILABLE,
  15007: ['configuration', 'the login does not exist'],
  15023: ['conflict', 'a database has a user of the name already, who is somebody else'],
  15025: ['conflict', 'a login of the name exists already, or was created meanwhile'],
  15114: TOO_SOON,
  15115: TOO_SOON,
  15116: POLICY,
  15117: POLICY,
  15118: POLICY,
  15119: POLICY,
  15151: ['permission', 'a user, a role or an object does not exist, or the user that is signed in may not change it'],
  15247: NOT_ALLOWED,
  15410: ['configuration', 'a user or a role does not exist in the database'],
  17809: UNAVAILABLE,
  17810: UNAVAILABLE,
  18401: UNAVAILABLE,
  18451: UNAVAILABLE,
  18452: ['configuration', 'the server accepts no logins with a password, or the login is one of Windows'],
  18456: REFUSED_LOGIN,
  18461: UNAVAILABLE,
  18470: ['configuration', 'the login is disabled'],
  18486: ['configuration', 'the login is locked after wrong passwords: an administrator has to unlock it'],
  18487: ['configuration', 'the password has expired: an administrator has to set a new one'],
  18488: ['configuration', 'the password has to be changed by its user: an administrator has to set one without MUST_CHANGE'],
  33161: ['configuration', 'the master key of a database is missing or not open'],
};

const LOGIN_FAILED = 18456;

/** What the server's numbers say: the general one, that a login has failed, comes with a particular one. */
export function errorOfNumbers(numbers: readonly number[]): RotationError {
  const number = numbers.find((one) => one !== LOGIN_FAILED && CLASSES[one] !== undefined) ?? numbers[0];
  const [errorClass, text] = CLASSES[number] ?? ['conflict', 'the server refused the statement'];
  return new RotationError(errorClass, text, String(number));
}

/** What may be disclosed of an error of the driver or the server: never its text, which names users and objects. */
export function sqlserverError(thrown: unknown): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const numbers = numbersOf(thrown);
  if (numbers.length > 0) {
    return errorOfNumbers(numbers);
  }
  const { cause } = thrown as { cause?: unknown };
  if (cause instanceof RotationError) {
    return cause;
  }
  const code = codeOf(cause) ?? codeOf(thrown);
  return code !== undefined && NETWORK_CODES.has(code)
    ? new RotationError('network', 'the connection to the database broke', code)
    : new RotationError('protocol', 'the server broke its protocol', code);
}

/** Why a TLS handshake failed: the driver tells in `cause`. */
export function handshakeError(thrown: unknown): RotationError {
  const code = codeOf((thrown as { cause?: unknown }).cause) ?? codeOf(thrown);
  return code !== undefined && NETWORK_CODES.has(code)
    ? new RotationError('network', 'the connection broke in the TLS handshake', code)
    : tlsError(code);
}

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET', 'EPIPE', 'ECLOSE', 'ESOCKET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED',
]);

function numbersOf(thrown: unknown): number[] {
  const errors: unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown];
  return errors.map((error) => (error as { number?: unknown }).number).filter((number) => typeof number === 'number');
}
