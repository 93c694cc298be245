/**
 * The form in which a new password is sent to a server.
 *
 * One for each kind of server: `PostgreSqlPasswordStatement`, and `MySqlPasswordStatement` for MySQL and MariaDB.
 */
export abstract class PasswordStatement {
  /**
   * The class, as the engines name it that it is for.
   *
   * @internal
   */
  readonly _kind: string;
  /** @internal */
  readonly _plainPasswordStatement: true | undefined;

  /** @internal */
  protected constructor(kind: string, plainPasswordStatement: true | undefined) {
    this._kind = kind;
    this._plainPasswordStatement = plainPasswordStatement;
  }
}
