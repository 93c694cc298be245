import { PasswordStatement } from './password-statement';

/**
 * The form in which a new password is sent to a MySQL or MariaDB server.
 *
 * @see https://mariadb.com/kb/en/set-password/
 *
 * @example
 * import { MySqlPasswordStatement } from 'cdk-secretsmanager-patterns';
 *
 * DatabaseTarget.of({
 *   engine: DatabaseEngine.MARIADB,
 *   host: 'db.example.com',
 *   superuser: masterSecret,
 *   passwordStatement: MySqlPasswordStatement.plainText(),
 * });
 */
export class MySqlPasswordStatement extends PasswordStatement {
  /**
   * As the hash that the server stores: the password itself never reaches the server's logs.
   *
   * A user of MySQL that changes its own password has to send the password, which MySQL keeps out of its logs.
   *
   * @see https://dev.mysql.com/doc/refman/8.4/en/password-logging.html
   */
  static hash(): MySqlPasswordStatement {
    return new MySqlPasswordStatement(undefined);
  }

  /**
   * As it is, for servers that refuse hashes because a plugin checks each password: MariaDB with any validation plugin, since
   * `strict_password_validation` is on by default. MySQL accepts hashes and does not check them; with this it checks them.
   *
   * The password goes over the verified TLS connection, but the server may write the statement to its general, slow or audit log,
   * and to the list of running statements.
   *
   * @see https://mariadb.com/kb/en/password-validation-plugin-api/
   */
  static plainText(): MySqlPasswordStatement {
    return new MySqlPasswordStatement(true);
  }

  private constructor(plainPasswordStatement: true | undefined) {
    super('MySqlPasswordStatement', plainPasswordStatement);
  }
}
