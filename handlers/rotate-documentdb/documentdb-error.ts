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

const OF_EVERY_PHASE: Readonly<Record<number, Meaning>> = {
  50: { errorClass: 'timeout', text: 'the command took too long: try again' },
  59: UNKNOWN_COMMAND,
  91: STOPPING,
  11600: STOPPING,
  11602: CHANGING,
  13436: CHANGING,
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
