import type { Account } from './account';
import { AccountSession } from './account-session';
import { foreignAlternate } from './database-users';
import { MariadbGrant } from './mariadb-grant';
import { findMariadbUsers, furtherMethodsOf, mariadbDemandsOf, type MariadbUser } from './mariadb-users';
import type { Statement } from './mysql-connection';
import { nativePasswordHash } from './native-password-hash';
import { quoteAccount, quoteIdentifier, quoteLiteral } from './quoting';
import { furtherMethod, otherMethod } from './sign-in-obstacles';
import { RotationError } from '../core/rotation-error';
import type { AlternateChange, Identity, NewPassword, UserChange } from '../database/credential-target';

const NATIVE = 'mysql_native_password';
/** Passwords would get the form before MySQL 4.1, with which nobody signs in, and other forms would be refused. */
const MAKES_OLD_PASSWORDS = "SHOW SESSION VARIABLES WHERE Variable_name = 'old_passwords' AND Value = 'ON'";
/** Does not let anybody in from another machine, and has no password. */
const UNIX_SOCKET = 'unix_socket';

/** A signed-in user of MariaDB. */
export class MariadbSession extends AccountSession<MariadbUser> {
  protected readonly rights = 'CREATE USER on *.*, SELECT and UPDATE on mysql.*, and, WITH GRANT OPTION or WITH ADMIN OPTION, '
    + 'what alternating users and users with roles have';
  protected readonly knowsPrefixes = false;

  /** A user cannot be given to another one as a role here: the alternate user has copies of its base's rights. */
  get identity(): Identity {
    return { username: this.username };
  }

  protected async setOwnPassword(password: string): Promise<void> {
    await this.change([
      { sql: `SET PASSWORD = ${this.said(password)}`, isSet: async () => this.options.worksFor(password) },
    ]);
  }

  protected override async change(statements: readonly Statement[]): Promise<void> {
    const makesOld = (await this.connection.rows(MAKES_OLD_PASSWORDS)).length > 0;
    await super.change(makesOld ? ['SET SESSION old_passwords = 0', ...statements] : statements);
  }

  protected async find(usernames: readonly string[]): Promise<(MariadbUser | undefined)[]> {
    return findMariadbUsers(this.connection, usernames);
  }

  protected async administer(accounts: readonly Account[]): Promise<boolean> {
    const asked = accounts.map(({ username, host }) =>
      `SELECT CAST(${quoteLiteral(username)} AS CHAR(255)) AS name, CAST(${quoteLiteral(host)} AS CHAR(255)) AS origin`);
    const rows = await this.connection.rows(`WITH RECURSIVE granted (name, origin) AS (
        ${asked.join(' UNION ')}
        UNION SELECT m.Role, '' FROM mysql.roles_mapping m JOIN granted g ON m.User = g.name AND m.Host = g.origin)
      SELECT 1 AS administers FROM granted g JOIN mysql.user u ON u.User = g.name AND u.Host = g.origin
      WHERE 'Y' IN (u.Super_priv, u.Grant_priv, u.Create_user_priv)`);
    return rows.length > 0;
  }

  protected checkMethod(user: MariadbUser): void {
    if (user.plugin !== NATIVE) {
      throw otherMethod(user.plugin, NATIVE, `ALTER USER … IDENTIFIED VIA ${NATIVE} USING PASSWORD(…)`);
    }
    if (furtherMethodsOf(user).some((method) => method !== UNIX_SOCKET)) {
      throw furtherMethod();
    }
  }

  protected holds({ hash }: MariadbUser, password: string): boolean {
    return hash === nativePasswordHash(password);
  }

  /** None where it is set already: the server would count it as another password. */
  protected async alteration(user: MariadbUser, { username, password }: UserChange): Promise<Statement[]> {
    return this.holds(user, password) && !user.expired
      ? []
      : [this.setting(username, password, `SET PASSWORD FOR ${quoteAccount(user)} = ${this.said(password)}`)];
  }

  protected async creation(account: Account, { password }: NewPassword, clause: string): Promise<Statement> {
    const identified = `IDENTIFIED VIA ${NATIVE} USING ${this.said(password)}`;
    return this.setting(account.username, password, `CREATE USER ${quoteAccount(account)} ${identified}${clause}`);
  }

  protected roleOf(name: string): Account {
    return { username: name, host: '' };
  }

  protected granted(roles: readonly Account[], account: Account): string[] {
    if (roles.length > 1) {
      throw new RotationError(
        'configuration',
        'a session of MariaDB begins with one role: give the user to be created one that has the others',
      );
    }
    return roles.flatMap(({ username }) => [
      `GRANT ${quoteIdentifier(username)} TO ${quoteAccount(account)}`,
      `SET DEFAULT ROLE ${quoteIdentifier(username)} FOR ${quoteAccount(account)}`,
    ]);
  }

  protected async alternateStatements(
    base: MariadbUser,
    alternate: MariadbUser | undefined,
    change: AlternateChange,
  ): Promise<Statement[]> {
    if (furtherMethodsOf(base).length > 0) {
      throw furtherMethod();
    }
    const account = { username: change.username, host: base.host };
    const name = quoteAccount(account);
    const rights = await this.grantsOf(base);
    const own = alternate ? await this.grantsOf(alternate) : [];
    if (!own.every((grant) => grant.isWithin(rights))) {
      throw foreignAlternate(['it has rights that its base does not have']);
    }
    const demands = mariadbDemandsOf(base);
    const isLikeBase = alternate?.isDetailed && mariadbDemandsOf(alternate) === demands;
    // What it has already is not said again: the server would read its tables of users anew for each statement.
    return [
      ...(alternate
        ? [...(await this.alteration(alternate, change)), ...isLikeBase ? [] : [`ALTER USER ${name} ${demands}`]]
        : [await this.creation(account, change, ` ${demands}`)]),
      ...rights.filter((grant) => !grant.isWithin(own)).flatMap((grant) => grant.statementsFor(account)),
      ...alternate?.defaultRole === base.defaultRole
        ? []
        : [`SET DEFAULT ROLE ${base.defaultRole === '' ? 'NONE' : quoteIdentifier(base.defaultRole)} FOR ${name}`],
    ];
  }

  /** A password as a statement says it. */
  private said(password: string): string {
    return this.options.plain ? `PASSWORD(${quoteLiteral(password)})` : quoteLiteral(nativePasswordHash(password));
  }

  private async grantsOf(account: Account): Promise<MariadbGrant[]> {
    return (await this.grantsFor(account)).flatMap((text) => MariadbGrant.parse(text, account) ?? []);
  }
}
