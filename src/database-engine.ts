import type { EngineFacts } from './private/database-facts';
import { RESERVED_POSTGRESQL_USERS } from './private/handler-contract';

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

  /** @internal */
  static readonly _ALL: readonly DatabaseEngine[] = [DatabaseEngine.POSTGRES];

  /** @internal */
  readonly _facts: EngineFacts;

  private constructor(facts: EngineFacts) {
    this._facts = facts;
  }
}
