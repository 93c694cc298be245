import { isUnquotable } from './quoting';
import { SqlserverConnection } from './sqlserver-connection';
import { readState, SqlserverSession } from './sqlserver-session';
import { RESERVED_SQLSERVER_USERS } from '../../src/contract/handler-contract';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { TargetFacts } from '../database/database-strategy';
import type { CredentialSession, Credentials, CredentialTarget } from '../database/database-target';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { openSocket } from '../tls/open-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { authorities } from '../tls/trusted-authorities';

/** Names and passwords, in units of UTF-16. */
const MAXIMUM_CHARACTERS = 128;

/** {@link CredentialTarget} for SQL Server, on Amazon RDS and elsewhere. */
export class SqlserverTarget implements CredentialTarget {
  public readonly engines = ['sqlserver'];

  constructor(private readonly facts: TargetFacts) {
    if (!this.engines.includes(facts.database.engine)) {
      throw new RotationError('configuration', 'this function is for SQL Server, the deployment says another engine');
    }
  }

  public async signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { host, port } = this.facts.database;
    const { username, password } = credentials;
    const databaseName = credentials.databaseName ?? this.facts.database.databaseName;
    checkText(username, 'user name');
    checkText(databaseName ?? '', 'database name');
    this.checkPassword(password);
    const login = {
      credentials: { username, password, databaseName },
      port,
      serverName: tlsServerNameOf(this.facts.database),
      certificateAuthorities: authorities(this.facts.database.certificateAuthorities, () => certificateAuthoritiesOf(this.facts.region)),
    };
    const connection = await SqlserverConnection.signIn(await openSocket({ host, port }, deadline), login, deadline);
    try {
      return new SqlserverSession(connection, await readState(connection), password);
    } catch (thrown) {
      await connection.close();
      throw thrown;
    }
  }

  public checkUsername(username: string): void {
    checkText(username, 'user name');
    if (RESERVED_SQLSERVER_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is one of Windows, of the server or of Amazon RDS: it is not rotated');
    }
  }

  public checkPassword(password: string): void {
    checkText(password, 'password');
  }
}

function checkText(text: string, what: string): void {
  if (isUnquotable(text) || text.length > MAXIMUM_CHARACTERS) {
    throw new RotationError('configuration', `the ${what} is longer than the ${MAXIMUM_CHARACTERS} characters that the server keeps, or has characters that it cannot`);
  }
}
