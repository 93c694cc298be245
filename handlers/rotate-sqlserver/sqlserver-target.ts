import { SqlserverConnection } from './sqlserver-connection';
import { readState, SqlserverSession } from './sqlserver-session';
import { SQLSERVER_NAMES } from '../../src/contract/name-rules';
import { RESERVED_SQLSERVER_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { beginOrClose, checkEngine, checkText, onePassword, type TextRule } from '../database/target-checks';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { openSocket } from '../tls/open-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { authorities } from '../tls/trusted-authorities';

/** Names and passwords. */
const TEXTS: TextRule = { ...SQLSERVER_NAMES.user, server: 'the server' };

/** {@link CredentialTarget} for SQL Server, on Amazon RDS and elsewhere. */
export class SqlserverTarget implements CredentialTarget {
  readonly engines = ['sqlserver'];

  constructor(private readonly facts: TargetFacts) {
    checkEngine(facts.database, this.engines, 'SQL Server');
  }

  async signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { host, port } = this.facts.database;
    const { username, password } = credentials;
    const databaseName = credentials.databaseName ?? this.facts.database.databaseName;
    checkText(username, 'user name', TEXTS);
    checkText(databaseName ?? '', 'database name', TEXTS);
    this.checkPassword(password);
    const login = {
      credentials: { username, password, databaseName },
      port,
      serverName: tlsServerNameOf(this.facts.database),
      certificateAuthorities: authorities(this.facts.database.certificateAuthorities, () =>
        certificateAuthoritiesOf(this.facts.region),
      ),
    };
    const connection = await SqlserverConnection.signIn(await openSocket({ host, port }, deadline), login);
    return beginOrClose(connection, async () => new SqlserverSession(connection, await readState(connection), {
      credentials, databaseName: this.facts.database.databaseName, signIn: async (other) => this.signIn(other, deadline),
    }));
  }

  checkUsername(username: string): void {
    checkText(username, 'user name', TEXTS);
    if (RESERVED_SQLSERVER_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is one of Windows, of the server or of Amazon RDS: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    throw onePassword('SQL Server');
  }

  checkPassword(password: string): void {
    checkText(password, 'password', TEXTS);
  }
}
