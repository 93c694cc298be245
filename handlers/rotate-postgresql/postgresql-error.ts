import { codeOf, RotationError } from '../core/rotation-error';
import type { Meaning } from '../database/error-phases';
import { driverError } from '../postgresql-protocol/driver-error';

/** What SQLSTATEs, or their first two characters, mean to a rotation while it does one kind of thing; '' is any other one. */
type Meanings = Readonly<Record<string, Meaning>> & { readonly '': Meaning };

const LACKING_CHARACTER: Meaning = {
  errorClass: 'configuration',
  text: 'a name or a password has a character that the encoding of the database lacks: choose others, or connect to a database '
    + 'in UTF8',
};
const DAMAGED: Meaning = { errorClass: 'unavailable', text: 'the server finds its own data damaged: look at its log' };

const ALWAYS: Readonly<Record<string, Meaning>> = {
  '25006': { errorClass: 'readOnly', text: 'the server accepts no changes' },
  '53300': {
    errorClass: 'unavailable',
    text: 'no connection is free for the user: raise its CONNECTION LIMIT, that of the database, or max_connections, whichever '
      + 'is used up',
  },
  '53100': { errorClass: 'unavailable', text: 'the disk of the server is full' },
  '53': { errorClass: 'unavailable', text: 'the server is out of memory or of something else that it needs' },
  '57P05': {
    errorClass: 'configuration',
    text: 'the server ends sessions of the user that pause for a moment: raise its idle_session_timeout',
  },
  '57014': { errorClass: 'timeout', text: 'the statement took too long' },
  '57P04': { errorClass: 'conflict', text: 'the database of the session has been dropped meanwhile' },
  '57': { errorClass: 'unavailable', text: 'the server is starting or shutting down, or somebody has ended the session' },
  '25P03': { errorClass: 'timeout', text: 'the server has ended a transaction in which the function has paused: try again' },
  '25P04': {
    errorClass: 'configuration',
    text: 'the server ends transactions of the user before a password is set: raise its transaction_timeout',
  },
  '22021': LACKING_CHARACTER,
  '22P05': LACKING_CHARACTER,
  '54': { errorClass: 'configuration', text: 'one of the limits of the server, such as the size of a row, is in the way' },
  '58P01': {
    errorClass: 'configuration',
    text: 'the server does not find one of its files, such as a library that session_preload_libraries or '
      + 'local_preload_libraries names: install it, or ALTER ROLE <user> RESET the setting',
  },
  '58': { errorClass: 'unavailable', text: 'the server cannot read or write its files: look at its log' },
  'F0': { errorClass: 'configuration', text: 'a configuration file of the server is wrong: look at its log' },
  'XX001': DAMAGED,
  'XX002': DAMAGED,
  '08': { errorClass: 'network', text: 'the connection to the database broke' },
};

/** As poolers and proxies do, which keep sessions of several clients alike. */
const REFUSED_PARAMETERS: Meaning = {
  errorClass: 'configuration',
  text: 'the server refuses what sessions begin with, as poolers and proxies do: give the function the address of the database '
    + 'itself',
};

const REFUSED_BY_TRIGGER: Meaning = {
  errorClass: 'configuration',
  text: 'a trigger of the database on logins, or a module of the server, does not let the user in: correct it, or ALTER EVENT '
    + 'TRIGGER … DISABLE',
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
    text: 'the database accepts no connections: ALTER DATABASE <database> ALLOW_CONNECTIONS true, or make it anew where an '
      + 'interrupted DROP DATABASE has left it',
  },
  '08P01': REFUSED_PARAMETERS,
  '0A000': REFUSED_PARAMETERS,
  '22023': REFUSED_PARAMETERS,
  '42704': REFUSED_PARAMETERS,
  '55P02': REFUSED_PARAMETERS,
  'P0': REFUSED_BY_TRIGGER,
  'XX': {
    errorClass: 'conflict',
    text: 'the server, or a pooler in front of it, fails at the login for a reason of its own: look at its log',
  },
  '': { errorClass: 'conflict', text: 'the database did not let the user in, for a reason that the code names' },
};

const COLLISION: Meaning = { errorClass: 'conflict', text: 'the change collided with another one' };
const NO_NAME: Meaning = {
  errorClass: 'configuration',
  text: 'the server does not accept the name of the user, or of a role, which it may keep for itself: choose another name',
};
const NOT_POSTGRESQL: Meaning = {
  errorClass: 'configuration',
  text: 'the server does not know what rotations ask its catalogue: it has to be one that is PostgreSQL, 13 or newer',
};

/** While anything else is read or changed. */
const STATEMENT: Meanings = {
  ...ALWAYS,
  '42501': { errorClass: 'permission', text: 'the database does not let the user do this' },
  '42704': { errorClass: 'configuration', text: 'the user or one of the roles does not exist' },
  '0A': {
    errorClass: 'configuration',
    text: 'the server does not support this: a role such as pg_database_owner has no members, and a server that only speaks the '
      + 'protocol of PostgreSQL may lack more',
  },
  '0L': {
    errorClass: 'configuration',
    text: 'one of the roles cannot be granted to the user, as one that is a member of the user itself: leave it out of '
      + 'createWithRoles, or revoke that membership',
  },
  '0P': NO_NAME,
  '42602': NO_NAME,
  '42939': NO_NAME,
  '42703': NOT_POSTGRESQL,
  '42883': NOT_POSTGRESQL,
  '42P01': NOT_POSTGRESQL,
  '3D000': {
    errorClass: 'conflict',
    text: 'a database for which the user has settings has been dropped meanwhile: the next attempt may succeed',
  },
  '55000': {
    errorClass: 'configuration',
    text: 'a module of the server is not ready for this, as one that has to be in shared_preload_libraries: look at its log',
  },
  'P0': { errorClass: 'configuration', text: 'a module or a trigger of the server refuses the statement: look at its log' },
  '42710': { errorClass: 'conflict', text: 'the user has been created by somebody else meanwhile' },
  '23505': COLLISION,
  '40': COLLISION,
  '55': COLLISION,
  'XX000': COLLISION,
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
  '28P01': REFUSED_PASSWORD,
  'P0': REFUSED_PASSWORD,
  '': { errorClass: 'conflict', text: 'the database refused the statement that sets the password' },
};

export function loginError(thrown: unknown): RotationError {
  const error = postgresqlError(thrown, LOGIN);
  const { code, errorClass } = error;
  const isOther = code !== undefined && errorClass !== 'authentication' && !(code in ALWAYS) && !(code.slice(0, 2) in ALWAYS);
  return isOther && comesFromFunction(thrown)
    ? new RotationError(REFUSED_BY_TRIGGER.errorClass, REFUSED_BY_TRIGGER.text, code)
    : error;
}

export function statementError(thrown: unknown): RotationError {
  return postgresqlError(thrown, STATEMENT);
}

export function passwordStatementError(thrown: unknown): RotationError {
  return postgresqlError(thrown, PASSWORD_STATEMENT);
}

/** Whether the server says in the midst of what it failed: at a login nothing but a trigger runs. */
function comesFromFunction(thrown: unknown): boolean {
  return typeof (thrown as { where?: unknown }).where === 'string';
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
