import type { EngineFacts } from './database-facts';
import { entryKey, LDAP_NAMES } from '../../contract/distinguished-name';
import { RESERVED_LDAP_USERS } from '../../contract/reserved-users';

/** What is the same for all directories. */
const DIRECTORY = {
  handler: 'rotate-ldap',
  // Directories have no master user that a service makes.
  masterExcludes: '',
  defaultPort: 636,
  password: { length: 32, excludeCharacters: ':/@"\'\\' },
  maximumUsernameBytes: LDAP_NAMES.user.maximum,
  names: LDAP_NAMES,
  usernameForm: 'a distinguished name such as uid=app,ou=people,dc=example,dc=com, with attributes by their names, and values '
    + 'that do not begin with # and have a backslash before , + " \\ < > ;',
  reservedUsernames: RESERVED_LDAP_USERS,
  userKey: entryKey,
  publicAuthorities: true,
  rdsEngineTypes: [],
  isDirectory: true,
} as const;

/** Servers that know the operation which sets passwords: OpenLDAP and most others. */
export const LDAP: EngineFacts = { ...DIRECTORY, name: 'ldap', passwordLength: { minimum: 8, maximum: 128 } };

/** Its rule for complex passwords, which is on by default, wants three types of characters. */
export const ACTIVE_DIRECTORY: EngineFacts = {
  ...DIRECTORY, name: 'activedirectory', passwordLength: { minimum: 8, maximum: 127 }, minimumCharacterTypes: 3,
};
