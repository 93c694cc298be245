import type { SecureContext } from 'node:tls';
import { PostgresqlConnection } from './postgresql-connection';
import { PostgresqlSession } from './postgresql-session';
import { preparePassword } from './prepare-password';
import { POSTGRESQL_NAMES } from '../../src/contract/name-rules';
import { RESERVED_POSTGRESQL_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { beginOrClose, checkEngine, checkText, onePassword, type TextRule } from '../database/target-checks';
import { openVerifiedSocket } from '../postgresql-protocol/verified-socket';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { trustOnce } from '../tls/trusted-authorities';

const DEFAULT_DATABASE = 'postgres';
const NAMES: TextRule = { ...POSTGRESQL_NAMES.user, server: 'PostgreSQL' };

/** {@link CredentialTarget} for PostgreSQL, on Amazon RDS, Aurora and elsewhere. */
export class PostgresqlTarget implements CredentialTarget {
  readonly engines = ['postgres', 'aurora-postgresql'];
  private readonly trusted: () => SecureContext;

  constructor(private readonly facts: TargetFacts) {
    checkEngine(facts.database, this.engines, 'PostgreSQL');
    this.trusted = trustOnce(facts.database.certificateAuthorities, () => certificateAuthoritiesOf(facts.region));
  }

  async signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { host, port, allowMd5 = false, plainPasswordStatement: plain = false } = this.facts.database;
    const defaultDatabase = this.facts.database.databaseName ?? DEFAULT_DATABASE;
    const databaseName = credentials.databaseName ?? defaultDatabase;
    const { username, password } = credentials;
    checkText(username, 'user name', NAMES);
    checkText(databaseName, 'database name', NAMES);
    const address = { host, port, serverName: tlsServerNameOf(this.facts.database), secureContext: this.trusted() };
    const server = await openVerifiedSocket(address, deadline);
    const login = { credentials: { username, password, databaseName }, host, port, allowMd5, ownSalts: !plain };
    const connection = await PostgresqlConnection.signIn(server, login);
    const options = { plain, allowMd5, databaseName: defaultDatabase };
    return beginOrClose(connection, async () => PostgresqlSession.begin(connection, options));
  }

  checkUsername(username: string): void {
    checkText(username, 'user name', NAMES);
    if (RESERVED_POSTGRESQL_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is reserved by PostgreSQL or Amazon RDS: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    throw onePassword('PostgreSQL');
  }

  checkPassword(password: string): void {
    if (!this.facts.database.plainPasswordStatement) {
      preparePassword(password);
    } else if (NAMES.unfit.test(password)) {
      throw new RotationError('configuration', 'the password has characters that PostgreSQL does not support');
    }
  }
}
