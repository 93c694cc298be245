import { codeOf, RotationError } from '../core/rotation-error';
import { errorInPhase, type Meaning, type Phase, type PhaseTables } from '../database/error-phases';

const STEPPED_DOWN: Meaning = { errorClass: 'readOnly', text: 'the server has stepped down and accepts no changes' };
const NOT_PRIMARY: Meaning = {
  errorClass: 'readOnly',
  text: 'the server accepts no changes, for it is not the primary: name the cluster endpoint, or the primary, as host',
};
const STOPPING: Meaning = { errorClass: 'unavailable', text: 'the server is shutting down' };
const CHANGING: Meaning = { errorClass: 'unavailable', text: 'the server is changing its role: try again' };
const UNKNOWN_COMMAND: Meaning = {
  errorClass: 'configuration',
  text: 'the server does not know a command that rotations need: it has to be Amazon DocumentDB or MongoDB, 4.0 or newer',
};

const UNREACHED: Meaning = {
  errorClass: 'unavailable',
  text: 'the server does not reach another one of its cluster, or no primary is known: try again',
};
const TOO_LONG: Meaning = { errorClass: 'timeout', text: 'the command took too long: try again' };

const OF_EVERY_PHASE: Readonly<Record<number, Meaning>> = {
  6: UNREACHED,
  7: UNREACHED,
  50: TOO_LONG,
  59: UNKNOWN_COMMAND,
  89: UNREACHED,
  91: STOPPING,
  133: UNREACHED,
  146: { errorClass: 'unavailable', text: 'the server is out of memory' },
  202: TOO_LONG,
  262: TOO_LONG,
  11600: STOPPING,
  11601: { errorClass: 'unavailable', text: 'somebody has ended the command: try again' },
  11602: CHANGING,
  13436: CHANGING,
  14031: { errorClass: 'unavailable', text: 'the disk of the server is full' },
};

/** Numbers that servers give errors: of logins, of commands that set passwords, and of all commands. */
const TABLES: PhaseTables = {
  login: {
    ...OF_EVERY_PHASE,
    18: { errorClass: 'authentication', text: 'the database refused the login' },
    334: {
      errorClass: 'configuration',
      text: 'the server does not offer the method that the user signs in with: allow SCRAM-SHA-256 in authenticationMechanisms',
    },
  },
  password: {
    // It may be undone by a change of the primary: a login with the password would prove nothing.
    64: { errorClass: 'unavailable', text: 'the change has not reached a majority of the servers in time: try again' },
  },
  statement: {
    ...OF_EVERY_PHASE,
    11: { errorClass: 'conflict', text: 'the user has been dropped by somebody else meanwhile' },
    13: { errorClass: 'permission', text: 'the database does not let the user do this' },
    31: { errorClass: 'configuration', text: 'one of the roles does not exist: create it, or name another one' },
    112: { errorClass: 'conflict', text: 'the change collided with another one: try again' },
    189: STEPPED_DOWN,
    303: { errorClass: 'configuration', text: 'the server does not know a field that rotations need' },
    8000: {
      errorClass: 'configuration',
      text: 'the service lets no command change users, as MongoDB Atlas does not: rotate them by its API, in steps of your own',
    },
    10058: NOT_PRIMARY,
    10107: NOT_PRIMARY,
    13435: NOT_PRIMARY,
    51003: { errorClass: 'conflict', text: 'the user has been created by somebody else meanwhile: try again' },
  },
};

/** The driver's names of errors of the connection. */
const NETWORK = /^MongoNetwork(Timeout)?Error$/;

/** What may be disclosed of an error of the driver or the server: never its text, which may quote commands. */
export function documentdbError(thrown: unknown, phase: Phase): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const { name, code, errorResponse } = thrown as { name?: unknown; code?: unknown; errorResponse?: unknown };
  if (errorResponse !== undefined && typeof code === 'number') {
    return errorInPhase(TABLES, phase, code);
  }
  return NETWORK.test(String(name))
    ? new RotationError('network', 'the connection to the database broke', codeOf((thrown as { cause?: unknown }).cause))
    : new RotationError('protocol', 'the server broke its protocol', codeOf(thrown));
}
