import type { EngineFacts } from './private/database-facts';
import { redisFacts } from './private/redis-facts';
import {
  administers,
  DOCUMENTDB_DATABASE,
  ORACLE_ADMINISTRATOR_ROLES,
  parseRole,
  REDSHIFT_SUPERUSER_ROLE,
} from '../contract/administrator-roles';
import {
  DOCUMENTDB_NAMES,
  MARIADB_NAMES,
  MYSQL_NAMES,
  ORACLE_NAMES,
  POSTGRESQL_NAMES,
  REDSHIFT_NAMES,
  SQLSERVER_NAMES,
} from '../contract/name-rules';
import {
  RESERVED_DOCUMENTDB_USERS,
  RESERVED_MYSQL_USERS,
  RESERVED_ORACLE_USERS,
  RESERVED_POSTGRESQL_USERS,
  RESERVED_REDSHIFT_USERS,
  RESERVED_SQLSERVER_USERS,
} from '../contract/reserved-users';

/** What Amazon RDS, Amazon DocumentDB and Amazon Redshift do not take in a master password, whatever the engine. */
const RDS_EXCLUDES = '/"@';

/**
 * The database engines whose users' passwords can be rotated.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 *
 * @example
 * DatabaseTarget.of({ engine: DatabaseEngine.MARIADB, host: 'db.example.com', superuser: masterSecret });
 */
export class DatabaseEngine {
  /**
   * PostgreSQL, Amazon RDS for PostgreSQL, Amazon Aurora PostgreSQL. Port 5432, user names of up to 63 bytes.
   *
   * @see https://www.postgresql.org/docs/current/auth-password.html
   */
  static readonly POSTGRES = new DatabaseEngine({
    name: 'postgres',
    handler: 'rotate-postgresql',
    masterExcludes: RDS_EXCLUDES,
    defaultPort: 5432,
    password: { length: 32, excludeCharacters: ':/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 128 },
    maximumUsernameBytes: 63,
    names: POSTGRESQL_NAMES,
    reservedUsernames: RESERVED_POSTGRESQL_USERS,
    rdsEngineTypes: ['postgres', 'aurora-postgresql'],
    authentication: true,
    passwordStatement: 'PostgreSqlPasswordStatement',
  });

  /**
   * MySQL 8.0 and newer, Amazon RDS for MySQL, Amazon Aurora MySQL 3 and newer. Port 3306, user names of up to 32 bytes.
   *
   * Users sign in with caching_sha2_password or mysql_native_password, over TLS.
   *
   * @see https://dev.mysql.com/doc/refman/8.4/en/caching-sha2-pluggable-authentication.html
   */
  static readonly MYSQL = new DatabaseEngine({
    name: 'mysql',
    handler: 'rotate-mysql',
    masterExcludes: RDS_EXCLUDES,
    defaultPort: 3306,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 41 },
    maximumUsernameBytes: 32,
    names: MYSQL_NAMES,
    oldestMajorVersion: 8,
    reservedUsernames: RESERVED_MYSQL_USERS,
    rdsEngineTypes: ['mysql', 'aurora-mysql'],
    dualPassword: true,
    passwordStatement: 'MySqlPasswordStatement',
  });

  /**
   * MariaDB, Amazon RDS for MariaDB. Port 3306, user names of up to 80 bytes.
   *
   * Users sign in with mysql_native_password, over TLS.
   *
   * @see https://mariadb.com/kb/en/authentication-plugin-mysql_native_password/
   */
  static readonly MARIADB = new DatabaseEngine({
    name: 'mariadb',
    handler: 'rotate-mysql',
    masterExcludes: RDS_EXCLUDES,
    defaultPort: 3306,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 41 },
    maximumUsernameBytes: 80,
    names: MARIADB_NAMES,
    reservedUsernames: RESERVED_MYSQL_USERS,
    rdsEngineTypes: ['mariadb'],
    maximumRoles: 1,
    passwordStatement: 'MySqlPasswordStatement',
  });

  /**
   * Amazon DocumentDB, MongoDB 4.0 and newer. Port 27017, user names of up to 63 bytes.
   *
   * Users sign in with SCRAM-SHA-1 or SCRAM-SHA-256, over TLS. They belong to the database `admin`, or to the target's
   * `databaseName`.
   *
   * @see https://docs.aws.amazon.com/documentdb/latest/developerguide/security.managing-users.html
   */
  static readonly DOCUMENTDB = new DatabaseEngine({
    name: 'mongo',
    userDatabase: 'admin',
    handler: 'rotate-documentdb',
    masterExcludes: RDS_EXCLUDES,
    defaultPort: 27017,
    password: { length: 32, excludeCharacters: '$%:/?#[]@"\'\\' },
    passwordLength: { minimum: 8, maximum: 100 },
    maximumUsernameBytes: 63,
    names: DOCUMENTDB_NAMES,
    isAdministratorRole: (role, database = DOCUMENTDB_DATABASE) => administers(parseRole(role, database)),
    reservedUsernames: RESERVED_DOCUMENTDB_USERS,
    rdsEngineTypes: [],
  });

  /**
   * Microsoft SQL Server 2012 and newer, Amazon RDS for SQL Server. Port 1433, user names of up to 128 bytes.
   *
   * Logins of the server and users that are contained in a database sign in with a password, over TLS 1.2.
   *
   * @see https://learn.microsoft.com/sql/relational-databases/security/choose-an-authentication-mode
   */
  static readonly SQLSERVER = new DatabaseEngine({
    name: 'sqlserver',
    handler: 'rotate-sqlserver',
    masterExcludes: RDS_EXCLUDES,
    defaultPort: 1433,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 128 },
    minimumCharacterTypes: 3,
    maximumUsernameBytes: 128,
    names: SQLSERVER_NAMES,
    systemDatabase: 'master',
    reservedUsernames: RESERVED_SQLSERVER_USERS,
    rdsEngineTypes: ['sqlserver-ee', 'sqlserver-se', 'sqlserver-ex', 'sqlserver-web'],
  });

  /**
   * Oracle Database 12.1 and newer, Amazon RDS for Oracle. TCPS at port 2484, user names of up to 128 bytes, 30 before 12.2.
   *
   * Users sign in with a password, over TLS. The target's `databaseName`, the name of the service, is required.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.SSL.html
   */
  static readonly ORACLE = new DatabaseEngine({
    name: 'oracle',
    userDatabase: '',
    handler: 'rotate-oracle',
    masterExcludes: `${RDS_EXCLUDES}&'`,
    defaultPort: 2484,
    password: { length: 30, excludeCharacters: '/@"\'\\&' },
    passwordLength: { minimum: 8, maximum: 30 },
    forbiddenCharacters: '"',
    maximumUsernameBytes: 128,
    names: ORACLE_NAMES,
    usernameForm: 'a letter and letters, digits, _ $ #, or any other name in quotation marks, which does not alternate',
    isAdministratorRole: (role) =>
      ORACLE_ADMINISTRATOR_ROLES.includes(role.startsWith('"') ? role.slice(1, -1) : role.toUpperCase()),
    reservedUsernames: RESERVED_ORACLE_USERS,
    rdsEngineTypes: ['oracle-ee', 'oracle-ee-cdb', 'oracle-se2', 'oracle-se2-cdb'],
    separateTlsPort: true,
    databaseNameRequired: true,
  });

  /**
   * Amazon Redshift and Amazon Redshift Serverless. Port 5439, user names of up to 127 bytes.
   *
   * Users sign in with an MD5 or a SHA-256 digest of the password, over TLS. A rotation stores it as MD5, as Amazon Redshift does
   * by default.
   *
   * @see https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
   */
  static readonly REDSHIFT = new DatabaseEngine({
    name: 'redshift',
    handler: 'rotate-redshift',
    masterExcludes: `${RDS_EXCLUDES}'\\`,
    defaultPort: 5439,
    password: { length: 32, excludeCharacters: '/@"\'\\:' },
    passwordLength: { minimum: 8, maximum: 64 },
    requiredCharacterTypes: ['lowercase', 'uppercase', 'numbers'],
    forbiddenCharacters: '/@"\'\\ ',
    maximumUsernameBytes: 127,
    names: REDSHIFT_NAMES,
    isAdministratorRole: (role) => role === REDSHIFT_SUPERUSER_ROLE,
    reservedUsernames: RESERVED_REDSHIFT_USERS,
    publicAuthorities: true,
    rdsEngineTypes: [],
  });

  /**
   * Redis 6.0 and newer on servers of your own. Port 6379, user names of up to 128 bytes without spaces, quotation marks and
   * backslashes.
   *
   * Users of access control lists sign in with a password, over TLS. They may have two, so choose `Rotation.dualPassword()`.
   * Users of Amazon ElastiCache and Amazon MemoryDB are changed by their services: `Rotation.cacheUser()`.
   *
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
   */
  static readonly REDIS = new DatabaseEngine(redisFacts('redis'));

  /**
   * Valkey on servers of your own, the same as `REDIS` in all respects.
   *
   * @see https://valkey.io/topics/acl/
   */
  static readonly VALKEY = new DatabaseEngine(redisFacts('valkey'));

  /** @internal */
  static readonly _ALL: readonly DatabaseEngine[] = [
    DatabaseEngine.POSTGRES, DatabaseEngine.MYSQL, DatabaseEngine.MARIADB, DatabaseEngine.DOCUMENTDB,
    DatabaseEngine.SQLSERVER, DatabaseEngine.ORACLE, DatabaseEngine.REDSHIFT, DatabaseEngine.REDIS,
    DatabaseEngine.VALKEY,
  ];

  /** @internal */
  readonly _facts: EngineFacts;

  private constructor(facts: EngineFacts) {
    this._facts = facts;
  }
}
