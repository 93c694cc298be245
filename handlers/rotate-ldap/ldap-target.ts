import { rootCertificates, type SecureContext } from 'node:tls';
import { LdapConnection } from './ldap-connection';
import { checkLogin } from './ldap-error';
import { bindRequest } from './ldap-requests';
import { LdapSession } from './ldap-session';
import { PASSWORD_MODIFY, type PasswordChange, UNICODE_PWD } from './password-change';
import { entryKey, LDAP_NAMES } from '../../src/contract/distinguished-name';
import { RESERVED_LDAP_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { checkEngine, checkText, onePassword, type TextRule } from '../database/target-checks';
import { openSocket } from '../tls/open-socket';
import { LOGIN } from '../tls/server-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';
import { verifiedTls } from '../tls/verified-tls';

const CHANGES: Readonly<Record<string, PasswordChange>> = { ldap: PASSWORD_MODIFY, activedirectory: UNICODE_PWD };
const USER_NAMES: TextRule = { ...LDAP_NAMES.user, server: 'a distinguished name' };
/** NUL ends a text where servers hand passwords on, and half a surrogate pair has no UTF-8. */
const UNFIT_IN_PASSWORDS = /[\0\p{Cs}]/u;

/** {@link CredentialTarget} for LDAP directories: a user is an entry, by its distinguished name. */
export class LdapTarget implements CredentialTarget {
  readonly engines = Object.keys(CHANGES);
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts) {
    checkEngine(facts.database, this.engines, 'LDAP directories');
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => rootCertificates.join('\n'));
  }

  async signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { database } = this.facts;
    const { username, password } = credentials;
    checkName(username);
    // Of an empty one, servers take the user for nobody, and let it in.
    this.checkPassword(password);
    const identity = { serverName: tlsServerNameOf(database), secureContext: this.trusted() };
    const server = await verifiedTls(await openSocket(database, deadline), identity);
    const connection = new LdapConnection(server);
    try {
      checkLogin(await connection.ask(bindRequest(username, password), LOGIN));
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
    return new LdapSession(connection, {
      own: { username, password },
      passwordChange: CHANGES[database.engine],
      signIn: async (others) => this.signIn(others, deadline),
    });
  }

  checkUsername(username: string): void {
    checkName(username);
    if (RESERVED_LDAP_USERS.test(entryKey(username))) {
      throw new RotationError('configuration', 'the user is reserved for the directory itself: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    throw onePassword('a directory');
  }

  checkPassword(password: string): void {
    if (password === '' || UNFIT_IN_PASSWORDS.test(password)) {
      throw new RotationError('configuration', 'the password is empty, or has characters that cannot be sent to a server');
    }
  }
}

function checkName(username: string): void {
  if (Buffer.byteLength(username) <= USER_NAMES.maximum && USER_NAMES.unfit.test(username)) {
    throw new RotationError('configuration', 'the user name is not a distinguished name, such as uid=app,ou=people,dc=example: '
      + 'put that of the entry into the secret');
  }
  checkText(username, 'user name', USER_NAMES);
}
