import type { Meaning } from '../database/error-phases';

/** Meanings by the server's number. */
export type Meanings = Readonly<Record<number, Meaning>>;

const collision: Meaning = { errorClass: 'conflict', text: 'the change collided with another one: the next attempt may succeed' };
const notAllowed: Meaning = { errorClass: 'permission', text: 'the database does not let the user do this' };
const changesForbidden: Meaning = {
  errorClass: 'readOnly',
  text: 'the server accepts no changes: it is a replica, or its transactions are read-only by default (transaction_read_only)',
};
const locked: Meaning = { errorClass: 'configuration', text: 'the user is locked: run ALTER USER … ACCOUNT UNLOCK' };
const blocked: Meaning = {
  errorClass: 'configuration',
  text: 'the server has blocked the user after refused logins: run ALTER USER … ACCOUNT UNLOCK, and look who guesses',
};
const expired: Meaning = { errorClass: 'configuration', text: 'the password has expired: an administrator has to set a new one' };
const shuttingDown: Meaning = { errorClass: 'unavailable', text: 'the server is shutting down' };
const pluginMissing: Meaning = {
  errorClass: 'configuration',
  text: 'the server has not loaded the login method of the user: load its plugin, or run ALTER USER … IDENTIFIED with another',
};
const usedUp: Meaning = {
  errorClass: 'unavailable',
  text: 'the user has used up what its limits allow: run ALTER USER … WITH higher limits',
};
const noSuchRole: Meaning = {
  errorClass: 'configuration',
  text: 'the user or one of the roles does not exist: create the roles that the binding names, and drop a user without them',
};
const goneMeanwhile: Meaning = {
  errorClass: 'conflict',
  text: 'the user has been created or dropped by somebody else meanwhile: the next attempt may succeed',
};
const gone: Meaning = {
  errorClass: 'conflict',
  text: 'the base has a right on something that does not exist any more: run REVOKE for it, or create it again',
};

const outOfDisk: Meaning = { errorClass: 'unavailable', text: 'the disk of the server is full' };
const outOfMemory: Meaning = { errorClass: 'unavailable', text: 'the server is out of memory or threads' };
const interrupted: Meaning = { errorClass: 'timeout', text: 'somebody has ended the statement, or a limit has: try again' };
const killed: Meaning = { errorClass: 'unavailable', text: 'somebody has ended the session: try again' };
const tooLong: Meaning = {
  errorClass: 'timeout',
  text: 'a statement takes longer than the server lets it: look for what is slow, or raise max_statement_time or '
    + 'max_execution_time',
};
const damagedTables: Meaning = {
  errorClass: 'configuration',
  text: 'the tables of users are damaged, or those of an older version: run mariadb-upgrade or mysql_upgrade',
};
const unknownSetting: Meaning = {
  errorClass: 'configuration',
  text: 'the server does not take a setting that sessions begin with: it is too old, or behind a proxy',
};
const groupRefuses: Meaning = {
  errorClass: 'unavailable',
  text: 'the group of servers accepts no changes at this moment: look at its replication',
};

/** What may be the answer to anything. Whether a password was set all the same, none of these says. */
export const ERRORS_OF_ANY_PHASE: Meanings = {
  1021: outOfDisk,
  1037: outOfMemory,
  1038: outOfMemory,
  1041: outOfMemory,
  1042: {
    errorClass: 'configuration',
    text: 'the server cannot find out the name of the function\'s address: set skip_name_resolve',
  },
  1047: { errorClass: 'unavailable', text: 'the server is not ready, as a node of a cluster that has lost the others' },
  1054: damagedTables,
  1114: outOfDisk,
  1135: outOfMemory,
  1180: { errorClass: 'unavailable', text: 'the server could not commit the change: look at its log' },
  1193: unknownSetting,
  1231: unknownSetting,
  1317: interrupted,
  1356: damagedTables,
  1449: damagedTables,
  1470: { errorClass: 'configuration', text: 'a name is longer than the server keeps: choose a shorter one' },
  1547: damagedTables,
  1548: damagedTables,
  1558: damagedTables,
  1728: damagedTables,
  1805: damagedTables,
  1927: killed,
  1969: tooLong,
  3024: tooLong,
  3100: groupRefuses,
  3101: groupRefuses,
  3169: killed,
  4031: { errorClass: 'configuration', text: 'the server ends sessions that pause for a moment: raise wait_timeout' },
};

/** A login, up to the first statement. */
export const LOGIN_ERRORS: Meanings = {
  1040: { errorClass: 'unavailable', text: 'the server is out of connections: raise max_connections if this lasts' },
  1044: {
    errorClass: 'permission',
    text: 'the user may not use the database that it connects to: grant it a right there, or '
    + 'correct dbname in the secret',
  },
  1045: { errorClass: 'authentication', text: 'the database refused the login' },
  1049: {
    errorClass: 'configuration',
    text: 'the database to connect to does not exist: correct dbname in the secret, or '
    + 'databaseName of the deployment',
  },
  1053: shuttingDown,
  1129: {
    errorClass: 'unavailable',
    text: 'the server has blocked the function\'s address after too many errors: '
    + 'run FLUSH HOSTS, or TRUNCATE TABLE performance_schema.host_cache',
  },
  1130: {
    errorClass: 'configuration',
    text: 'the server accepts no logins from the function\'s address: no account has a host '
    + 'that admits it',
  },
  1184: { errorClass: 'configuration', text: 'init_connect of the server fails for the user: correct it' },
  1203: { errorClass: 'unavailable', text: 'the user has as many connections as it may have: raise max_user_connections' },
  1226: { errorClass: 'unavailable', text: 'the user has used up what its limits allow: run ALTER USER … WITH higher limits' },
  1251: {
    errorClass: 'protocol',
    text: 'the login method of the user is not one that is answered: run ALTER USER … IDENTIFIED '
    + 'with caching_sha2_password or mysql_native_password',
  },
  1524: pluginMissing,
  1698: { errorClass: 'authentication', text: 'the database refused the login' },
  1820: expired,
  1862: expired,
  3032: { errorClass: 'unavailable', text: 'the server is in offline mode' },
  3118: locked,
  3159: { errorClass: 'tls', text: 'the server does not regard the connection as encrypted' },
  3955: blocked,
  4150: blocked,
  4151: locked,
};

/** A statement that sets a password and is known to have set none. */
export const PASSWORD_ERRORS: Meanings = {
  1044: notAllowed,
  1045: notAllowed,
  1053: shuttingDown,
  1064: { errorClass: 'configuration', text: 'the server is too old for the statement: choose another strategy' },
  1131: { errorClass: 'configuration', text: 'the session is that of an anonymous user: drop the user without a name' },
  1132: notAllowed,
  1133: goneMeanwhile,
  1142: notAllowed,
  1143: notAllowed,
  1205: collision,
  1213: collision,
  1226: usedUp,
  1227: notAllowed,
  1290: {
    errorClass: 'configuration',
    text: 'an option of the server forbids it: where it checks passwords and refuses hashes '
    + '(strict_password_validation), set passwordStatement to MySqlPasswordStatement.plainText(), or switch the option off',
  },
  1372: {
    errorClass: 'configuration',
    text: 'the server refuses the form in which it would store the password: set '
    + 'passwordStatement to MySqlPasswordStatement.plainText()',
  },
  1396: goneMeanwhile,
  1524: pluginMissing,
  1792: changesForbidden,
  1819: {
    errorClass: 'configuration',
    text: 'the password does not satisfy the policy of the server: change passwordLength, '
    + 'excludeCharacters or requireEachIncludedType; if it was used before, begin a new rotation',
  },
  1820: expired,
  1827: {
    errorClass: 'configuration',
    text: 'the server refuses the form in which it would store the password: set '
    + 'passwordStatement to MySqlPasswordStatement.plainText()',
  },
  1836: changesForbidden,
  3638: {
    errorClass: 'configuration',
    text: 'the password has been used before, and the policy of the server forbids that: '
    + 'begin a new rotation',
  },
  3891: {
    errorClass: 'conflict',
    text: 'the password that has let the function in is not the first one any more: the next '
    + 'attempt may succeed',
  },
  3892: {
    errorClass: 'configuration',
    text: 'the server demands the current password: run ALTER USER … PASSWORD REQUIRE CURRENT '
    + 'OPTIONAL',
  },
};

/** Any other statement. To a server, a missing right is denied access, like a wrong password; but the login has worked. */
export const STATEMENT_ERRORS: Meanings = {
  1044: notAllowed,
  1045: notAllowed,
  1053: shuttingDown,
  1133: goneMeanwhile,
  1141: { errorClass: 'conflict', text: 'the user does not exist any more: the next attempt may succeed' },
  1142: notAllowed,
  1143: notAllowed,
  1146: gone,
  1205: collision,
  1213: collision,
  1226: usedUp,
  1227: notAllowed,
  1290: { errorClass: 'configuration', text: 'an option of the server forbids the statement: skip_grant_tables, or one like it' },
  1305: gone,
  1370: notAllowed,
  1396: goneMeanwhile,
  1410: notAllowed,
  1698: notAllowed,
  1792: changesForbidden,
  1820: expired,
  1836: changesForbidden,
  1959: noSuchRole,
  3523: noSuchRole,
};
