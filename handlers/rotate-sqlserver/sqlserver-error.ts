import { codeOf, RotationError } from '../core/rotation-error';
import { errorInPhase, type Meaning, type Phase, type PhaseTables } from '../database/error-phases';
import { tlsError } from '../tls/tls-error';

const NOT_ALLOWED: Meaning = { errorClass: 'permission', text: 'the server does not let the user do this' };
const UNAVAILABLE: Meaning = {
  errorClass: 'unavailable',
  text: 'the server or the database takes no logins at the moment: try again once it does',
};
const POLICY: Meaning = {
  errorClass: 'configuration',
  text: 'the password does not satisfy the policy of the server: change passwordLength or excludeCharacters',
};
/** A repeated step asks for the same password again, and a policy may refuse it for that reason alone. */
const TOO_SOON: Meaning = {
  errorClass: 'configuration',
  text: 'the policy of the server does not let the user have this password now, for it has had it before or was changed lately,'
    + ' and a login with it fails: try again after the minimum age, or switch CHECK_POLICY off',
  perhapsSet: true,
};
const COLLISION: Meaning = { errorClass: 'conflict', text: 'the change collided with another one: try again' };
const READ_ONLY: Meaning = {
  errorClass: 'readOnly',
  text: 'the database accepts no changes: it is a replica, or read-only for now',
};
/** What the server lacks, or is in the midst of, whatever it is asked. */
const NO_MEMORY: Meaning = { errorClass: 'unavailable', text: 'the server is out of memory or locks: try again later' };
const NO_ROOM: Meaning = { errorClass: 'unavailable', text: 'a database or its log has no room left: make room there' };
const OF_EVERY_PHASE: Readonly<Record<number, Meaning>> = {
  596: { errorClass: 'unavailable', text: 'somebody has ended the session: try again' },
  701: NO_MEMORY,
  802: NO_MEMORY,
  927: UNAVAILABLE,
  942: UNAVAILABLE,
  945: UNAVAILABLE,
  952: UNAVAILABLE,
  976: UNAVAILABLE,
  978: READ_ONLY,
  983: UNAVAILABLE,
  1101: NO_ROOM,
  1105: NO_ROOM,
  1204: NO_MEMORY,
  6005: UNAVAILABLE,
  8645: NO_MEMORY,
  9002: NO_ROOM,
};
const LOCKED: Meaning = {
  errorClass: 'configuration',
  text: 'the login is locked after wrong passwords: wait until the lock ends, or ALTER LOGIN … WITH PASSWORD = N\'…\' UNLOCK and '
    + 'put that password into the secret',
};
const NO_DATABASE: Meaning = {
  errorClass: 'configuration',
  text: 'no database has the name of the one to connect to, or the user may not open it: CREATE USER … FOR LOGIN … there, or '
    + 'name another one',
  knowsPassword: true,
};

/** Numbers that the server gives errors: of logins, of statements that set passwords, and of all statements. */
const TABLES: PhaseTables = {
  login: {
    ...OF_EVERY_PHASE,
    4060: NO_DATABASE,
    4064: NO_DATABASE,
    17809: UNAVAILABLE,
    17810: UNAVAILABLE,
    17892: { errorClass: 'configuration', text: 'a logon trigger of the server refuses the login: let the function in there' },
    18401: UNAVAILABLE,
    18451: UNAVAILABLE,
    18452: {
      errorClass: 'configuration',
      text: 'the server accepts no logins with a password, or the login is one of Windows: switch mixed authentication on',
    },
    18456: { errorClass: 'authentication', text: 'the database refused the login' },
    18461: UNAVAILABLE,
    18470: { errorClass: 'configuration', text: 'the login is disabled: ALTER LOGIN … ENABLE' },
    18486: LOCKED,
    18487: {
      errorClass: 'configuration',
      text: 'the password has expired: an administrator has to set one and put it into the secret',
    },
    18488: {
      errorClass: 'configuration',
      text: 'the password has to be changed by its user: an administrator has to set one without MUST_CHANGE and put it into the '
        + 'secret',
    },
  },
  password: {
    15113: LOCKED,
    15114: TOO_SOON,
    15115: TOO_SOON,
    15116: POLICY,
    15117: POLICY,
    15118: POLICY,
    15119: POLICY,
    15151: {
      errorClass: 'permission',
      text: 'the user does not exist, had its password changed by somebody else meanwhile, or may not be changed by the one that '
        + 'is signed in',
    },
  },
  statement: {
    ...OF_EVERY_PHASE,
    229: NOT_ALLOWED,
    230: NOT_ALLOWED,
    262: NOT_ALLOWED,
    297: NOT_ALLOWED,
    300: NOT_ALLOWED,
    911: { errorClass: 'configuration', text: 'a database is gone that was there a moment ago: try again' },
    916: { errorClass: 'permission', text: 'the superuser may not open a database: CREATE USER … FOR LOGIN … there' },
    1205: COLLISION,
    1222: COLLISION,
    3609: {
      errorClass: 'conflict',
      text: 'a trigger has ended the change: sys.triggers and sys.server_triggers list those of a database and of the server',
    },
    3906: READ_ONLY,
    4613: {
      errorClass: 'permission',
      text: 'the superuser may not grant a permission that the user has: it needs it WITH GRANT OPTION',
    },
    15007: { errorClass: 'conflict', text: 'the login has been dropped by somebody else meanwhile' },
    15023: { errorClass: 'conflict', text: 'a database has a user of the name already, who is somebody else: drop or rename it' },
    15025: { errorClass: 'conflict', text: 'a login of the name exists already, or was created meanwhile: drop or rename it' },
    15151: {
      errorClass: 'permission',
      text: 'a user, a role or an object does not exist, or the user that is signed in may not change it',
    },
    15247: NOT_ALLOWED,
    15410: { errorClass: 'configuration', text: 'a user or a role does not exist in the database: CREATE ROLE … there' },
    15517: {
      errorClass: 'permission',
      text: 'the superuser may not act as the owner of a database, or that owner is gone: make it a member of db_owner there, or '
        + 'give the database an owner with ALTER AUTHORIZATION',
    },
    33161: { errorClass: 'configuration', text: 'the master key of a database is missing or not open: CREATE MASTER KEY there' },
  },
};

const LOGIN_FAILED = 18456;

/** What the server's numbers say: the general one, that a login has failed, comes with a particular one. */
export function errorOfNumbers(numbers: readonly number[], phase: Phase): RotationError {
  const known = (number: number): boolean => number in TABLES[phase] || (phase === 'password' && number in TABLES.statement);
  return errorInPhase(TABLES, phase, numbers.find((number) => number !== LOGIN_FAILED && known(number)) ?? numbers[0]);
}

/** What may be disclosed of an error of the driver or the server: never its text, which names users and objects. */
export function sqlserverError(thrown: unknown, phase: Phase): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const numbers = numbersOf(thrown);
  if (numbers.length > 0) {
    return errorOfNumbers(numbers, phase);
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
