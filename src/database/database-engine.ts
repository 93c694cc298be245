import type { EngineFacts } from './private/database-facts';
import {
  RESERVED_DOCUMENTDB_USERS,
  RESERVED_MYSQL_USERS,
  RESERVED_ORACLE_USERS,
  RESERVED_POSTGRESQL_USERS,
  RESERVED_REDSHIFT_USERS,
  RESERVED_SQLSERVER_USERS,
} from '../contract/reserved-users';

/**
 * The database engines whose users' passwords can be rotated.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
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
    defaultPort: 5432,
    password: { length: 32, excludeCharacters: ':/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 128 },
    maximumUsernameBytes: 63,
    reservedUsernames: RESERVED_POSTGRESQL_USERS,
    rdsEngineTypes: ['postgres', 'aurora-postgresql'],
    authentication: true,
    passwordStatement: true,
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
    defaultPort: 3306,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 41 },
    maximumUsernameBytes: 32,
    reservedUsernames: RESERVED_MYSQL_USERS,
    rdsEngineTypes: ['mysql', 'aurora-mysql'],
    dualPassword: true,
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
    defaultPort: 3306,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 41 },
    maximumUsernameBytes: 80,
    reservedUsernames: RESERVED_MYSQL_USERS,
    rdsEngineTypes: ['mariadb'],
    maximumRoles: 1,
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
    handler: 'rotate-documentdb',
    defaultPort: 27017,
    password: { length: 32, excludeCharacters: '$%:/?#[]@"\'\\' },
    passwordLength: { minimum: 8, maximum: 100 },
    maximumUsernameBytes: 63,
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
    defaultPort: 1433,
    password: { length: 32, excludeCharacters: '/@"\'\\' },
    passwordLength: { minimum: 8, maximum: 128 },
    minimumCharacterTypes: 3,
    maximumUsernameBytes: 128,
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
    handler: 'rotate-oracle',
    defaultPort: 2484,
    password: { length: 30, excludeCharacters: '/@"\'\\&' },
    passwordLength: { minimum: 8, maximum: 30 },
    forbiddenCharacters: '"',
    maximumUsernameBytes: 128,
    usernames: {
      pattern: /^([A-Za-z][A-Za-z0-9_$#]*|"[^"]+")$/,
      allowed: 'a letter and letters, digits, _ $ #, or any other name in quotation marks, which does not alternate',
    },
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
    defaultPort: 5439,
    password: { length: 32, excludeCharacters: '/@"\'\\:' },
    passwordLength: { minimum: 8, maximum: 64 },
    requiredCharacterTypes: ['lowercase', 'uppercase', 'numbers'],
    forbiddenCharacters: '/@"\'\\ ',
    maximumUsernameBytes: 127,
    reservedUsernames: RESERVED_REDSHIFT_USERS,
    rdsEngineTypes: [],
  });

  /** @internal */
  static readonly _ALL: readonly DatabaseEngine[] = [
    DatabaseEngine.POSTGRES, DatabaseEngine.MYSQL, DatabaseEngine.MARIADB, DatabaseEngine.DOCUMENTDB,
    DatabaseEngine.SQLSERVER, DatabaseEngine.ORACLE, DatabaseEngine.REDSHIFT,
  ];

  /** @internal */
  readonly _facts: EngineFacts;

  private constructor(facts: EngineFacts) {
    this._facts = facts;
  }
}
