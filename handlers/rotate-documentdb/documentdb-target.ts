import type { SecureContext } from 'node:tls';
import { DocumentdbConnection } from './documentdb-connection';
import { DocumentdbSession } from './documentdb-session';
import { preparePassword } from './prepare-password';
import { DOCUMENTDB_DATABASE } from '../../src/contract/administrator-roles';
import { DOCUMENTDB_NAMES } from '../../src/contract/name-rules';
import { RESERVED_DOCUMENTDB_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { beginOrClose, checkEngine, checkText, onePassword, type TextRule } from '../database/target-checks';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { openSocket } from '../tls/open-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';
import { verifiedTls } from '../tls/verified-tls';

const USER_NAMES: TextRule = { ...DOCUMENTDB_NAMES.user, server: 'the server' };
const DATABASE_NAMES: TextRule = { ...DOCUMENTDB_NAMES.database, server: 'the server' };

/** {@link CredentialTarget} for Amazon DocumentDB and MongoDB. */
export class DocumentdbTarget implements CredentialTarget {
  readonly engines = ['mongo'];
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts) {
    checkEngine(facts.database, this.engines, 'Amazon DocumentDB and MongoDB');
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => certificateAuthoritiesOf(facts.region));
  }

  async signIn({ username, password }: Credentials, deadline: Deadline): Promise<CredentialSession> {
    // The database in the secret is where the application's data is. Users belong to one that the deployment knows, superusers
    // too.
    const { host, port, databaseName: database = DOCUMENTDB_DATABASE } = this.facts.database;
    checkText(username, 'user name', USER_NAMES);
    checkText(database, 'database name', DATABASE_NAMES);
    const identity = { serverName: tlsServerNameOf(this.facts.database), secureContext: this.trusted() };
    const server = await verifiedTls(await openSocket({ host, port }, deadline), identity);
    const connection = await DocumentdbConnection.signIn(server, { credentials: { username, password }, database });
    return beginOrClose(connection, async () =>
      DocumentdbSession.begin(connection, database, async (other) => this.signIn(other, deadline)));
  }

  checkUsername(username: string): void {
    checkText(username, 'user name', USER_NAMES);
    if (RESERVED_DOCUMENTDB_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is reserved by Amazon DocumentDB or MongoDB: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    throw onePassword('Amazon DocumentDB and MongoDB');
  }

  checkPassword(password: string): void {
    preparePassword(password);
  }
}
