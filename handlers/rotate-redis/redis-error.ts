import type { RotationError } from '../core/rotation-error';
import { errorInPhase, type Meaning, type Phase, type PhaseTables } from '../database/error-phases';

const BUSY: Meaning = {
  errorClass: 'unavailable',
  text: 'the server runs a script that takes too long: SCRIPT KILL or FUNCTION KILL ends it',
};

/** What servers answer, by what they were asked. */
const TABLES: PhaseTables = {
  login: {
    BUSY,
    WRONGPASS: { errorClass: 'authentication', text: 'the server refused the login' },
    DENIED: { errorClass: 'configuration', text: 'the server is in protected mode, which lets in nobody from elsewhere' },
    ERR: {
      errorClass: 'configuration',
      text: 'the server knows no users: it has to be Redis 6.0 or newer, or Valkey',
    },
    LOADING: { errorClass: 'unavailable', text: 'the server is loading its data and accepts no logins yet' },
    MAXCLIENTS: { errorClass: 'unavailable', text: 'the server is out of connections: raise maxclients if this lasts' },
  },
  password: {
    ERR: {
      errorClass: 'configuration',
      text: 'the server does not take the user as it is to be: a rule is one that it does not know',
    },
  },
  statement: {
    BUSY,
    NOPERM: { errorClass: 'permission', text: 'the server does not let the user do this' },
    NOAUTH: { errorClass: 'conflict', text: 'the server has ended the session of the user, which somebody has changed' },
  },
};

/** The error for the code of a refusal. */
export function redisError(phase: Phase, code: string): RotationError {
  return errorInPhase(TABLES, phase, code);
}
