/**
 * The ways in which a rotation function proves to a PostgreSQL server that it knows a password.
 *
 * What the list leaves out is refused whatever the server asks for, a password in clear text above all.
 *
 * @see https://www.postgresql.org/docs/current/auth-password.html
 *
 * @example
 * import { PostgreSqlAuthentication } from 'cdk-secretsmanager-patterns';
 *
 * DatabaseTarget.of({
 *   engine: DatabaseEngine.POSTGRES,
 *   host: 'old.example.com',
 *   superuser: masterSecret,
 *   authentication: PostgreSqlAuthentication.scramSha256OrMd5(),
 * });
 */
export class PostgreSqlAuthentication {
  /**
   * SCRAM-SHA-256 only: the password never leaves the function, and the server proves that it knows it too.
   *
   * @see https://www.postgresql.org/docs/current/sasl-authentication.html
   */
  static scramSha256(): PostgreSqlAuthentication {
    return new PostgreSqlAuthentication(undefined);
  }

  /**
   * SCRAM-SHA-256, or md5 where the server asks for it: for users whose passwords are stored as md5 hashes.
   *
   * An md5 answer can be replayed by whoever sees the connection from inside and is deprecated in PostgreSQL 18.
   *
   * @see https://www.postgresql.org/docs/18/auth-password.html
   */
  static scramSha256OrMd5(): PostgreSqlAuthentication {
    return new PostgreSqlAuthentication(true);
  }

  /** @internal */
  readonly _allowMd5: true | undefined;

  private constructor(allowMd5: true | undefined) {
    this._allowMd5 = allowMd5;
  }
}
