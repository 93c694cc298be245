import { LdapTarget } from './ldap-target';
import { databaseRotation } from '../database/database-strategy';
import { makeHandler } from '../make-handler';

/** Rotates the passwords of users in LDAP directories: OpenLDAP and its like, Active Directory. */
export const handler = makeHandler({ strategy: databaseRotation((facts) => new LdapTarget(facts)) });
