import { type ErrorClass, RotationError } from '../core/rotation-error';

interface Meaning {
  readonly errorClass: ErrorClass;
  readonly text: string;
}

const BUSY: Meaning = { errorClass: 'conflict', text: 'the change collided with another one' };
const DENIED: Meaning = { errorClass: 'permission', text: 'the database does not let the user do this' };
const STARTING: Meaning = { errorClass: 'unavailable', text: 'the database is starting or shutting down' };
const FULL: Meaning = { errorClass: 'unavailable', text: 'the database is out of sessions' };
const BROKEN: Meaning = { errorClass: 'network', text: 'the connection to the database broke' };
const READ_ONLY: Meaning = { errorClass: 'readOnly', text: 'the database accepts no changes' };
const REFUSED: Meaning = { errorClass: 'authentication', text: 'the database refused the login' };
const POLICY: Meaning = {
  errorClass: 'configuration',
  text: 'the password does not satisfy the profile of the user: change the password rules',
};
const UNKNOWN_SERVICE: Meaning = { errorClass: 'configuration', text: 'the listener knows no service of the database name' };
const EXPIRED: Meaning = { errorClass: 'configuration', text: 'the password has expired: an administrator has to set a new one' };

/** Numbers of the server's errors, and what they mean to a rotation. */
const CLASSES: Readonly<Record<number, Meaning>> = {
  18: FULL,
  20: FULL,
  28: BROKEN,
  54: BUSY,
  60: BUSY,
  942: { errorClass: 'permission', text: 'the user may not read a view of the dictionary' },
  972: {
    errorClass: 'configuration',
    text: 'the name is longer than the database allows: 128 bytes, or 30 where COMPATIBLE is below 12.2',
  },
  988: { errorClass: 'configuration', text: 'the password has characters, or a length, that the database does not support' },
  1005: REFUSED,
  1012: BROKEN,
  1017: REFUSED,
  1031: DENIED,
  1033: STARTING,
  1034: STARTING,
  1045: { errorClass: 'permission', text: 'the user lacks CREATE SESSION' },
  1089: STARTING,
  1090: STARTING,
  1092: BROKEN,
  1109: STARTING,
  1720: DENIED,
  1918: { errorClass: 'conflict', text: 'the user has been dropped by somebody else meanwhile' },
  1919: { errorClass: 'configuration', text: 'one of the roles does not exist' },
  1920: { errorClass: 'conflict', text: 'there is a user or a role of the name already' },
  1924: { errorClass: 'conflict', text: 'a role of the user has been revoked by somebody else meanwhile' },
  1929: DENIED,
  1932: DENIED,
  1952: { errorClass: 'permission', text: 'the superuser may not use the tablespace' },
  2391: FULL,
  3113: BROKEN,
  3114: BROKEN,
  3135: BROKEN,
  4021: BUSY,
  12505: UNKNOWN_SERVICE,
  12514: UNKNOWN_SERVICE,
  12516: FULL,
  12518: FULL,
  12519: FULL,
  12520: FULL,
  12526: STARTING,
  12527: STARTING,
  12528: STARTING,
  16000: READ_ONLY,
  16456: READ_ONLY,
  28000: { errorClass: 'configuration', text: 'the user is locked' },
  28001: EXPIRED,
  28003: POLICY,
  28007: { errorClass: 'configuration', text: 'the password has been used before, and the profile of the user forbids that' },
  28008: { errorClass: 'conflict', text: 'the password has been changed by somebody else meanwhile' },
  28219: POLICY,
  65096: {
    errorClass: 'configuration',
    text: 'in the root of a container database there are common users only: connect to the pluggable database',
  },
};

/** Each database chooses what its function that verifies passwords raises. */
const OF_VERIFY_FUNCTION = { first: 20_000, last: 20_999 };

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
export function oracleError(thrown: unknown): RotationError {
  if (thrown instanceof RotationError) {
    return thrown;
  }
  const number = numberOf(thrown);
  if (number !== undefined) {
    const { errorClass, text } = meaningOf(number);
    return new RotationError(errorClass, text, codeOfNumber(number));
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

function meaningOf(number: number): Meaning {
  if (number >= OF_VERIFY_FUNCTION.first && number <= OF_VERIFY_FUNCTION.last) {
    return POLICY;
  }
  return CLASSES[number] ?? { errorClass: 'conflict', text: 'the database refused the statement' };
}
