import { RotationError } from '../core/rotation-error';
import { errorInPhase, type Meaning, type Phase, type PhaseTables } from '../database/error-phases';

const BUSY: Meaning = { errorClass: 'conflict', text: 'the change collided with another one: try again' };
const DENIED: Meaning = { errorClass: 'permission', text: 'the database does not let the user do this' };
const STARTING: Meaning = { errorClass: 'unavailable', text: 'the database is starting or shutting down' };
const FULL: Meaning = { errorClass: 'unavailable', text: 'the database is out of sessions' };
const BROKEN: Meaning = { errorClass: 'network', text: 'the connection to the database broke' };
const READ_ONLY: Meaning = { errorClass: 'readOnly', text: 'the database accepts no changes' };
const REFUSED: Meaning = { errorClass: 'authentication', text: 'the database refused the login' };
const POLICY: Meaning = {
  errorClass: 'configuration',
  text: 'the password does not satisfy the profile of the user: change passwordLength or excludeCharacters, or the profile',
};
const UNKNOWN_SERVICE: Meaning = {
  errorClass: 'configuration',
  text: 'the listener knows no service of the database name: name one that lsnrctl services lists as databaseName',
};
const EXPIRED: Meaning = {
  errorClass: 'configuration',
  text: 'the password has expired: an administrator has to set one and put it into the secret',
};
const LOGON_TRIGGER: Meaning = {
  errorClass: 'configuration',
  text: 'a logon trigger of the database refuses the login: let the function in there (dba_triggers lists them)',
};
const TRIGGER: Meaning = { errorClass: 'conflict', text: 'a trigger of the database has failed: dba_triggers lists them' };

const NO_ROOM: Meaning = {
  errorClass: 'unavailable',
  text: 'the database has no storage left for its logs or its dictionary: make room there',
};
const NO_MEMORY: Meaning = { errorClass: 'unavailable', text: 'the database is out of memory' };
const CUT_SHORT: Meaning = {
  errorClass: 'unavailable',
  text: 'the profile of the user has ended the session: raise IDLE_TIME or CONNECT_TIME if this lasts',
};

const OF_EVERY_PHASE: Readonly<Record<number, Meaning>> = {
  18: FULL,
  20: FULL,
  28: BROKEN,
  257: NO_ROOM,
  1012: BROKEN,
  1033: STARTING,
  1034: STARTING,
  1089: STARTING,
  1090: STARTING,
  1092: BROKEN,
  1109: STARTING,
  1652: NO_ROOM,
  1653: NO_ROOM,
  1654: NO_ROOM,
  2396: CUT_SHORT,
  2399: CUT_SHORT,
  3113: BROKEN,
  3114: BROKEN,
  3135: BROKEN,
  4030: NO_MEMORY,
  4031: NO_MEMORY,
  4036: NO_MEMORY,
  16000: READ_ONLY,
  16456: READ_ONLY,
};

/** Each database chooses what its functions and triggers raise; all of that is under the first of the numbers. */
const RAISED = { first: 20_000, last: 20_999 };

/** Numbers of the server's errors: of logins, of statements that set passwords, and of all statements. */
const TABLES: PhaseTables = {
  login: {
    ...OF_EVERY_PHASE,
    604: LOGON_TRIGGER,
    1005: REFUSED,
    1017: REFUSED,
    1035: {
      errorClass: 'unavailable',
      text: 'the database admits only users with RESTRICTED SESSION: ALTER SYSTEM DISABLE RESTRICTED SESSION',
    },
    1045: {
      errorClass: 'permission',
      text: 'the user lacks CREATE SESSION: GRANT CREATE SESSION TO …',
      knowsPassword: true,
    },
    2391: {
      errorClass: 'unavailable',
      text: 'the user has as many sessions as its profile allows: raise SESSIONS_PER_USER by two',
    },
    4088: LOGON_TRIGGER,
    12505: UNKNOWN_SERVICE,
    12514: UNKNOWN_SERVICE,
    12516: FULL,
    12518: FULL,
    12519: FULL,
    12520: FULL,
    12526: STARTING,
    12527: STARTING,
    12528: STARTING,
    20000: LOGON_TRIGGER,
    12529: {
      errorClass: 'configuration',
      text: 'the listener refuses the address of the function: add it to the valid nodes of the listener',
    },
    28000: { errorClass: 'configuration', text: 'the user is locked: ALTER USER … ACCOUNT UNLOCK' },
    28001: EXPIRED,
    28058: {
      errorClass: 'configuration',
      text: 'only others may connect as the user, through themselves: ALTER USER … CANCEL PROXY ONLY CONNECT',
    },
  },
  password: {
    604: { ...TRIGGER, perhapsSet: true },
    988: {
      errorClass: 'configuration',
      text: 'the password has characters, or a length, that the database does not support: '
      + 'change passwordLength or excludeCharacters',
    },
    4088: { ...TRIGGER, perhapsSet: true },
    20000: POLICY,
    28003: POLICY,
    // Passwords are random: one that has been used was set by an earlier attempt at the step, if it signs in.
    28007: {
      errorClass: 'configuration',
      text: 'the password has been used before, which the profile of the user forbids, and a login with it fails: start another '
        + 'rotation',
      perhapsSet: true,
    },
    28008: { errorClass: 'conflict', text: 'the password has been changed by somebody else meanwhile: try again' },
    28219: POLICY,
  },
  statement: {
    ...OF_EVERY_PHASE,
    54: BUSY,
    60: BUSY,
    604: TRIGGER,
    942: { errorClass: 'permission', text: 'the user may not read a view of the dictionary: GRANT SELECT_CATALOG_ROLE TO …' },
    972: {
      errorClass: 'configuration',
      text: 'the name is longer than the database allows: 128 bytes, or 30 where COMPATIBLE is below 12.2',
    },
    1031: DENIED,
    1720: DENIED,
    1918: { errorClass: 'conflict', text: 'the user has been dropped by somebody else meanwhile' },
    1919: { errorClass: 'configuration', text: 'one of the roles does not exist: CREATE ROLE …' },
    1920: { errorClass: 'conflict', text: 'there is a user or a role of the name already: drop or rename it' },
    1924: { errorClass: 'conflict', text: 'a role of the user has been revoked by somebody else meanwhile: try again' },
    1929: DENIED,
    1932: DENIED,
    1952: { errorClass: 'permission', text: 'the superuser may not use the tablespace' },
    4021: BUSY,
    4088: TRIGGER,
    20000: TRIGGER,
    65096: {
      errorClass: 'configuration',
      text: 'in the root of a container database there are common users only: connect to the pluggable database',
    },
  },
};

/** Numbers of the driver's own errors. */
const DRIVER_CLASSES: Readonly<Record<string, Meaning>> = {
  116: {
    errorClass: 'configuration',
    text: 'the user has a password verifier of before Oracle Database 11g only: an administrator has to set its password once',
  },
  138: { errorClass: 'configuration', text: 'the server is older than Oracle Database 12.1' },
  500: BROKEN,
  501: BROKEN,
  511: { errorClass: 'unavailable', text: 'the listener refused the connection' },
  521: BROKEN,
  533: {
    errorClass: 'configuration',
    text: 'the server asks for native network encryption inside TLS: set SQLNET.ENCRYPTION_SERVER to ACCEPTED or '
      + 'SQLNET.IGNORE_ANO_ENCRYPTION_FOR_TCPS to TRUE',
  },
};
const DRIVER_CODE = /^NJS-(\d{3})\b/;
/** The driver turns some of the numbers that listeners send into codes of its own, and keeps the others in its text. */
const LISTENER_NUMBERS: Readonly<Record<string, number>> = { 'NJS-518': 12514, 'NJS-519': 12505 };
const LISTENER_CODE = /\bORA-(\d{5})\b/;

/** The number of an error, where it comes from the server or its listener. */
export function numberOf(thrown: unknown): number | undefined {
  const { errorNum, code, message } = Object(thrown) as { errorNum?: unknown; code?: unknown; message?: unknown };
  if (typeof errorNum === 'number' && errorNum > 0) {
    return errorNum;
  }
  const listener = code === 'NJS-511' ? LISTENER_CODE.exec(String(message))?.[1] : LISTENER_NUMBERS[String(code)];
  return listener === undefined ? undefined : Number(listener);
}

/** What may be disclosed of an error of the driver or the server: never its text, which quotes names and connect strings. */
export function oracleError(thrown: unknown, phase: Phase): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const number = numberOf(thrown);
  if (number !== undefined) {
    const raised = number >= RAISED.first && number <= RAISED.last;
    return errorInPhase(TABLES, phase, raised ? RAISED.first : number, codeOfNumber(number));
  }
  const [, code] = DRIVER_CODE.exec(String((Object(thrown) as { code?: unknown }).code)) ?? [];
  if (code === undefined) {
    return new RotationError('protocol', 'the server broke its protocol');
  }
  const { errorClass, text } = DRIVER_CLASSES[code] ?? { errorClass: 'protocol', text: 'the server broke its protocol' };
  return new RotationError(errorClass, text, `NJS_${code}`);
}

export function codeOfNumber(number: number): string {
  return `ORA_${String(number).padStart(5, '0')}`;
}
