import type { LdapResult } from './ldap-answers';
import { PasswordOver, SignInRefused } from '../database/credential-target';
import { errorInPhase, type Meaning, type Phase, type PhaseTables } from '../database/error-phases';

const BUSY: Meaning = { errorClass: 'unavailable', text: 'the directory has too much to do' };
const AWAY: Meaning = { errorClass: 'unavailable', text: 'the directory is shutting down, or a part of it cannot be reached' };
const LOCKED: Meaning = {
  errorClass: 'configuration',
  text: 'the directory has locked the user after too many wrong passwords: unlock it, or wait for as long as its policy says',
};
const REPLICA: Meaning = {
  errorClass: 'configuration',
  text: 'the server refers to another one, as replicas that take no changes do: name the one that takes them',
};
const WEAK_TLS: Meaning = { errorClass: 'tls', text: 'the directory asks for a stronger TLS connection than it offers' };

/** What servers answer, by what they were asked. Behind a full stop is what Active Directory, or a password policy, adds. */
const TABLES: PhaseTables = {
  login: {
    '8': { errorClass: 'configuration', text: 'the directory lets users in by other methods than a password' },
    '10': REPLICA,
    '13': WEAK_TLS,
    '34': { errorClass: 'configuration', text: 'the directory does not take the name of the user for a distinguished name' },
    '49.530': {
      errorClass: 'configuration', text: 'the directory does not let the user in at this time of day', knowsPassword: true,
    },
    '49.531': {
      errorClass: 'configuration',
      text: 'the directory does not let the user in from this computer: its attribute userWorkstations says from which',
      knowsPassword: true,
    },
    '49.533': { errorClass: 'configuration', text: 'the user is disabled in the directory', knowsPassword: true },
    '49.701': { errorClass: 'configuration', text: 'the account of the user has expired', knowsPassword: true },
    '49.775': LOCKED,
    '49.accountLocked': LOCKED,
    '50': { errorClass: 'permission', text: 'the directory does not let the user sign in' },
    '51': BUSY,
    '52': AWAY,
    '53': { errorClass: 'configuration', text: 'the directory refuses logins: of this user, or those with a password at all' },
  },
  password: {
    2: {
      errorClass: 'configuration',
      text: 'the directory does not know the operation that sets passwords (1.3.6.1.4.1.4203.1.11.1)',
    },
    16: {
      errorClass: 'conflict', text: 'the directory holds another password than the one that has just signed in', perhapsSet: true,
    },
    19: {
      errorClass: 'configuration',
      text: 'the password policy of the directory does not take the new password: look at its length, its characters, its '
        + 'history and the shortest time between two changes',
      perhapsSet: true,
    },
    53: {
      errorClass: 'configuration',
      text: 'the directory does not set the password: its policy does not take the new one, the user may not change its own, or '
        + 'nothing is changed at this server',
      perhapsSet: true,
    },
    65: {
      errorClass: 'configuration',
      text: "the user's entry has no place for a password: give it an object class that has, such as simpleSecurityObject",
    },
  },
  statement: {
    10: REPLICA,
    13: WEAK_TLS,
    32: {
      errorClass: 'configuration',
      text: 'the directory has no such user, or hides it from who is to change it: users are made in the directory',
    },
    34: { errorClass: 'configuration', text: 'the directory does not take the name of the user for a distinguished name' },
    50: { errorClass: 'permission', text: 'the directory does not let the user do this' },
    51: BUSY,
    52: AWAY,
  },
};

/** Refusals of a name and a password. */
const REFUSED: Readonly<Record<string, string>> = {
  '32': 'the directory has no such user',
  '48': 'the user has no password in the directory',
  '49': 'the directory refused the login',
  '49.525': 'the directory has no such user',
  '49.52e': 'the directory refused the login',
};

/** Refusals of a password that was right. */
const OVER: Readonly<Record<string, string>> = {
  '0.changeAfterReset': 'the directory lets the user change its password and do nothing else, since somebody else has set it: '
    + 'change it as the user, or rotate it with a superuser',
  '49.532': 'the password has expired: rotate it with a superuser',
  '49.773': 'the password has to be changed before the user may sign in: rotate it with a superuser',
  '49.passwordExpired': 'the password has expired: rotate it with a superuser',
};

const SUCCESS = 0;

/** Throws what the answer to a login means, unless it lets the user do what it likes. */
export function checkLogin({ code, subCode, policyError }: LdapResult): void {
  const detail = policyError ?? subCode;
  const shown = detail === undefined ? String(code) : `${code}.${detail}`;
  if (code === SUCCESS && policyError !== 'changeAfterReset') {
    return;
  }
  if (shown in OVER) {
    throw new PasswordOver(shown, undefined, OVER[shown]);
  }
  throw shown in REFUSED ? new SignInRefused(shown, undefined, REFUSED[shown]) : errorInPhase(TABLES, 'login', shown);
}

/** Throws what an answer means that is not a success. */
export function checkResult(phase: Exclude<Phase, 'login'>, { code }: LdapResult): void {
  if (code !== SUCCESS) {
    throw errorInPhase(TABLES, phase, code);
  }
}
