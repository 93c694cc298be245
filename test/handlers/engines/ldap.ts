import type { EngineUnderTest } from './engine-under-test';
import { LdapServer } from '../../servers/ldap-server';
import { LdapBench } from '../support/ldap-bench';

/** Bytes that a distinguished name may have, for a person of the test's directory. */
const LEFT_FOR_NAME = 1024 - LdapServer.person('').length;

export const openldap: EngineUnderTest<LdapBench> = {
  name: 'OpenLDAP',
  handler: 'rotate-ldap',
  servers: ['slapd'],
  start: async () => LdapBench.start(),
  // The server's own database has room for as much.
  longestName: 200,
  tooLong: { characters: LEFT_FOR_NAME + 1, says: 'is longer than the 1024 bytes that a distinguished name keeps' },
  username: (name) => LdapServer.person(name),
  alternateOf: (username) => LdapBench.alternateOf(username),
  hostileName: (way) => ` ${way[0]},ou=x+cn=#we"ird\\na<me>;*)(uid=%s ü\0`,
  reservedUsers: [
    'cn=config', 'CN=krbtgt,CN=Users,DC=corp,DC=example', 'commonName = \\63onfig', '2.5.4.3=Guest ,dc=corp',
    'cn=x,2.5.4.11=AWS  Reserved,dc=corp',
  ],
  lacking: { says: "it needs write access to the user's userPassword", code: '50' },
  showsPassword: { prove: false, superuser: false },
  onePassword: 'users of a directory have one password',
  createsNone: true,
  worstPassword: { length: 128, excludeCharacters: '' },
};
