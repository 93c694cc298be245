import { PasswordStatement } from './password-statement';

/**
 * The form in which a new password is sent to a PostgreSQL server.
 *
 * @see https://www.postgresql.org/docs/current/sql-alterrole.html
 *
 * @example
 * import { PostgreSqlPasswordStatement } from 'cdk-secretsmanager-patterns';
 *
 * DatabaseTarget.fromRdsInstance(personnelInstance, { passwordStatement: PostgreSqlPasswordStatement.plainText() });
 */
export class PostgreSqlPasswordStatement extends PasswordStatement {
  /**
   * As a SCRAM-SHA-256 verifier: the password itself never reaches the server, its statement log or its activity view.
   *
   * @see https://www.postgresql.org/docs/current/catalog-pg-authid.html
   */
  static verifier(): PostgreSqlPasswordStatement {
    return new PostgreSqlPasswordStatement(undefined);
  }

  /**
   * As it is, for servers that refuse verifiers because a module checks each password.
   *
   * The password goes over the verified TLS connection, but the server may write the statement to its log.
   *
   * @see https://www.postgresql.org/docs/current/passwordcheck.html
   */
  static plainText(): PostgreSqlPasswordStatement {
    return new PostgreSqlPasswordStatement(true);
  }

  private constructor(plainPasswordStatement: true | undefined) {
    super('PostgreSqlPasswordStatement', plainPasswordStatement);
  }
}
