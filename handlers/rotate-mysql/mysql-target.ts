import type { SslOptions } from 'mysql2';
import { type AccountSession, readState, type SessionOptions, type SessionState } from './account-session';
import type { DatabaseUser } from './database-users';
import { MariadbSession } from './mariadb-session';
import { MysqlConnection } from './mysql-connection';
import { MysqlSession } from './mysql-session';
import { MARIADB_NAMES, MYSQL_NAMES } from '../../src/contract/name-rules';
import { RESERVED_MYSQL_USERS } from '../../src/contract/reserved-users';
import type { Deadline } from '../core/deadline';
import { RotationError } from '../core/rotation-error';
import type { Credentials, CredentialSession, CredentialTarget } from '../database/credential-target';
import type { TargetFacts } from '../database/database-strategy';
import { beginOrClose, checkEngine, checkText, onePassword, type TextRule } from '../database/target-checks';
import { certificateAuthoritiesOf } from '../tls/certificate-authorities/certificate-authorities-of';
import { openSocket } from '../tls/open-socket';
import { tlsServerNameOf } from '../tls/tls-server-name';
import { authorities } from '../tls/trusted-authorities';

/** What differs between the two servers that speak the protocol. */
interface Dialect {
  readonly engines: readonly string[];
  readonly userNames: TextRule;
  readonly twoPasswords: boolean;
  speaks(version: string): boolean;
  session(
    connection: MysqlConnection,
    state: SessionState,
    options: SessionOptions,
    ownPassword: string,
  ): AccountSession<DatabaseUser>;
}

const DATABASE_NAMES: TextRule = { ...MYSQL_NAMES.database, server: 'the server' };
const MARIADB_VERSION = /mariadb/i;
const MAJOR = /^\d+/;
const OLDEST_MYSQL = 8;

const DIALECTS: readonly Dialect[] = [
  {
    engines: ['mysql', 'aurora-mysql'],
    userNames: { ...MYSQL_NAMES.user, server: 'the server' },
    twoPasswords: true,
    speaks: (version) => !MARIADB_VERSION.test(version) && Number(MAJOR.exec(version)) >= OLDEST_MYSQL,
    session: (...session) => new MysqlSession(...session),
  },
  {
    engines: ['mariadb'],
    userNames: { ...MARIADB_NAMES.user, server: 'the server' },
    twoPasswords: false,
    speaks: (version) => MARIADB_VERSION.test(version),
    session: (connection, state, options) => new MariadbSession(connection, state, options),
  },
];

/** NUL ends a password in the protocol. */
const UNFIT_PASSWORD = /[\0\p{Cs}]/u;

/** The target for the engine that the deployment names. */
export function mysqlTarget(facts: TargetFacts): MysqlTarget {
  checkEngine(facts.database, DIALECTS.flatMap(({ engines }) => engines), 'MySQL and MariaDB');
  return new MysqlTarget(facts, DIALECTS.find(({ engines }) => engines.includes(facts.database.engine))!);
}

/** {@link CredentialTarget} for MySQL or MariaDB, on Amazon RDS, Aurora and elsewhere. */
export class MysqlTarget implements CredentialTarget {
  readonly engines: readonly string[];
  private ssl?: SslOptions;

  constructor(private readonly facts: TargetFacts, private readonly dialect: Dialect) {
    this.engines = dialect.engines;
  }

  async signIn(credentials: Credentials, deadline: Deadline): Promise<CredentialSession> {
    const { host, port } = this.facts.database;
    const databaseName = credentials.databaseName ?? this.facts.database.databaseName;
    const { username, password } = credentials;
    checkText(username, 'user name', this.dialect.userNames);
    checkText(databaseName ?? '', 'database name', DATABASE_NAMES);
    const login = {
      credentials: { username, password, databaseName },
      port,
      serverName: tlsServerNameOf(this.facts.database),
      ssl: this.ssl ??= this.trusting(),
    };
    const connection = await MysqlConnection.signIn(await openSocket({ host, port }, deadline), login);
    return beginOrClose(connection, async () => {
      const state = await readState(connection);
      if (!this.dialect.speaks(state.version)) {
        throw new RotationError(
          'configuration',
          'the server is not the engine that the deployment says, or older than MySQL 8.0',
        );
      }
      const options = {
        plain: this.facts.database.plainPasswordStatement === true,
        worksFor: async (other: string) => this.letsIn({ ...credentials, password: other }, deadline),
      };
      return this.dialect.session(connection, state, options, password);
    });
  }

  checkUsername(username: string): void {
    checkText(username, 'user name', this.dialect.userNames);
    if (RESERVED_MYSQL_USERS.test(username)) {
      throw new RotationError('configuration', 'the user is reserved by the server or by Amazon RDS: it is not rotated');
    }
  }

  checkTwoPasswords(): void {
    if (!this.dialect.twoPasswords) {
      throw onePassword('MariaDB');
    }
  }

  checkPassword(password: string): void {
    if (UNFIT_PASSWORD.test(password)) {
      throw new RotationError('configuration', 'the password has characters that the server does not support');
    }
  }

  private trusting(): SslOptions {
    const { region, database } = this.facts;
    const ca = authorities(database.certificateAuthorities, () => certificateAuthoritiesOf(region));
    return { ca, minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true };
  }

  private async letsIn(credentials: Credentials, deadline: Deadline): Promise<boolean> {
    return this.signIn(credentials, deadline).then(
      async (session) => {
        await session.close();
        return true;
      },
      () => false,
    );
  }
}
