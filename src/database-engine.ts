import type { EngineFacts } from './private/database-facts';
import { RESERVED_MYSQL_USERS, RESERVED_POSTGRESQL_USERS } from './private/handler-contract';

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

  /** @internal */
  static readonly _ALL: readonly DatabaseEngine[] = [DatabaseEngine.POSTGRES, DatabaseEngine.MYSQL, DatabaseEngine.MARIADB];

  /** @internal */
  readonly _facts: EngineFacts;

  private constructor(facts: EngineFacts) {
    this._facts = facts;
  }
}
