import { codeOf, RotationError } from '../core/rotation-error';
import type { Meaning } from '../database/error-phases';
import { driverError } from '../postgresql-protocol/driver-error';

/** What SQLSTATEs, or their first two characters, mean to a rotation while it does one kind of thing; '' is any other one. */
type Meanings = Readonly<Record<string, Meaning>> & { readonly '': Meaning };

const ALWAYS: Readonly<Record<string, Meaning>> = {
  '25006': { errorClass: 'readOnly', text: 'the server accepts no changes' },
  '53300': {
    errorClass: 'unavailable',
    text: 'no connection is free for the user: raise its CONNECTION LIMIT, that of the database, or max_connections, whichever '
      + 'is used up',
  },
  '53': { errorClass: 'unavailable', text: 'the server is out of connections or memory' },
  '57P05': {
    errorClass: 'configuration',
    text: 'the server ends sessions of the user that pause for a moment: raise its idle_session_timeout',
  },
  '57014': { errorClass: 'timeout', text: 'the statement took too long' },
  '57': { errorClass: 'unavailable', text: 'the server is starting or shutting down' },
  '08': { errorClass: 'network', text: 'the connection to the database broke' },
};

/** As poolers and proxies do, which keep sessions of several clients alike. */
const REFUSED_PARAMETERS: Meaning = {
  errorClass: 'configuration',
  text: 'the server refuses what sessions begin with, as poolers and proxies do: give the function the address of the database '
    + 'itself',
};

/** While a user signs in. */
export const LOGIN: Meanings = {
  ...ALWAYS,
  '28P01': { errorClass: 'authentication', text: 'the database refused the login' },
  '28000': {
    errorClass: 'permission',
    text: 'the server does not let the user sign in, with any password: give the user LOGIN, or pg_hba.conf a rule for it',
  },
  '42501': {
    errorClass: 'permission',
    text: 'the user may not connect to the database of the secret: GRANT CONNECT ON DATABASE <database> TO <user>',
  },
  '3D000': {
    errorClass: 'configuration',
    text: 'the database to connect to does not exist: correct "dbname" in the secret, or the database name of the deployment',
  },
  '55000': {
    errorClass: 'configuration',
    text: 'the database accepts no connections: ALTER DATABASE <database> ALLOW_CONNECTIONS true',
  },
  '08P01': REFUSED_PARAMETERS,
  '0A000': REFUSED_PARAMETERS,
  '': { errorClass: 'conflict', text: 'the database did not let the user in, for a reason that the code names' },
};

/** While anything else is read or changed. */
const STATEMENT: Meanings = {
  ...ALWAYS,
  '42501': { errorClass: 'permission', text: 'the database does not let the user do this' },
  '42704': { errorClass: 'configuration', text: 'the user or one of the roles does not exist' },
  '0LP01': { errorClass: 'configuration', text: 'the role cannot be granted' },
  '42710': { errorClass: 'conflict', text: 'the user has been created by somebody else meanwhile' },
  '40': { errorClass: 'conflict', text: 'the change collided with another one' },
  '55': { errorClass: 'conflict', text: 'the change collided with another one' },
  'XX000': { errorClass: 'conflict', text: 'the change collided with another one' },
  '': { errorClass: 'conflict', text: 'the database refused the statement' },
};

const REFUSED_PASSWORD = {
  errorClass: 'configuration',
  text: 'a module of the server that checks passwords, such as passwordcheck or credcheck, refuses this one: correct the rules '
    + 'for passwords, or give it the password to check with PostgreSqlPasswordStatement.plainText()',
} as const;

/** While a password is set, in one transaction with whatever else the user needs. */
const PASSWORD_STATEMENT: Meanings = {
  ...STATEMENT,
  '22023': REFUSED_PASSWORD,
  '28000': REFUSED_PASSWORD,
  'P0001': REFUSED_PASSWORD,
  '': { errorClass: 'conflict', text: 'the database refused the statement that sets the password' },
};

export function loginError(thrown: unknown): RotationError {
  return postgresqlError(thrown, LOGIN);
}

export function statementError(thrown: unknown): RotationError {
  return postgresqlError(thrown, STATEMENT);
}

export function passwordStatementError(thrown: unknown): RotationError {
  return postgresqlError(thrown, PASSWORD_STATEMENT);
}

/** What may be disclosed of an error of the driver or the server: never its text, which quotes statements. */
function postgresqlError(thrown: unknown, meanings: Meanings): RotationError {
  const error = driverError(thrown);
  if (error) {
    return error;
  }
  const code = codeOf(thrown)!;
  const { errorClass, text } = meanings[code] ?? meanings[code.slice(0, 2)] ?? meanings[''];
  return new RotationError(errorClass, text, code);
}
