import type { LdapDirectoryOptions } from './ldap-directory-options';
import type { DatabaseTargetFacts } from './private/database-facts';
import { factsOfHost } from './private/host-facts';
import { ACTIVE_DIRECTORY, LDAP } from './private/ldap-facts';

/**
 * An LDAP directory in which passwords are rotated, reached by LDAPS alone.
 *
 * A user is an entry, by its distinguished name, which is what it signs in with: `uid=app,ou=people,dc=example,dc=com`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4511
 *
 * @example
 * const directory = LdapDirectory.of({ host: 'ldap.example.com' });
 * new HardenedSecret(this, 'Search', {
 *   content: SecretContent.ldapCredentials({ username: 'uid=search,ou=services,dc=example,dc=com', directory }),
 *   rotation: Rotation.ldapUser({ superuser: masterSecret }),
 * });
 */
export class LdapDirectory {
  /**
   * A directory that sets passwords by the operation which is made for it, and stores them by its own rules: OpenLDAP and most
   * others.
   *
   * @param options address, and what is needed to reach it.
   * @throws where host, port or an option cannot be right.
   * @see https://www.rfc-editor.org/rfc/rfc3062
   */
  static of(options: LdapDirectoryOptions): LdapDirectory {
    return new LdapDirectory(factsOfHost('LdapDirectory.of', LDAP, options));
  }

  /**
   * Microsoft Active Directory: AWS Managed Microsoft AD, or domain controllers of your own. Passwords are set by the attribute
   * `unicodePwd`.
   *
   * Written to Microsoft's documentation. No rotation of it has been seen at a real one yet: try it out on a user that nobody
   * needs. `docs/rotation/ldap.md` says what is known.
   *
   * @param options address, and what is needed to reach it.
   * @throws where host, port or an option cannot be right.
   * @see https://learn.microsoft.com/openspecs/windows_protocols/ms-adts/6e803168-f140-4d23-b2d3-c3a8ab5917d2
   */
  static activeDirectory(options: LdapDirectoryOptions): LdapDirectory {
    return new LdapDirectory(factsOfHost('LdapDirectory.activeDirectory', ACTIVE_DIRECTORY, options));
  }

  /** @internal */
  readonly _facts: DatabaseTargetFacts;

  private constructor(facts: DatabaseTargetFacts) {
    this._facts = facts;
  }
}
