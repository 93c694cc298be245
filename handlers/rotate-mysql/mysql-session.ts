import { type Account, parseAccount } from './account';
import { AccountSession, type SessionOptions, type SessionState } from './account-session';
import { cachingSha2Hash, checkedRounds, isHashOf, saltFor } from './caching-sha2-hash';
import { foreignAlternate } from './database-users';
import type { MysqlConnection, Statement } from './mysql-connection';
import { findMysqlUser, mysqlDemandsOf, type MysqlUser } from './mysql-users';
import { nativePasswordHash } from './native-password-hash';
import { quoteAccount, quoteLiteral } from './quoting';
import { furtherMethod, otherMethod } from './sign-in-obstacles';
import { ALTERNATE_USER_SUFFIX } from '../../src/contract/database-facts';
import { RotationError } from '../core/rotation-error';
import type { AlternateChange, Identity, NewPassword, UserChange } from '../database/credential-target';

const CACHING_SHA2 = 'caching_sha2_password';
const NATIVE = 'mysql_native_password';
/** Of servers that are too old to be asked. */
const DEFAULT_ROUNDS = 5_000;
const MISSING_CURRENT_PASSWORD = '3892';

/** A password as a statement says it. */
interface PasswordForm {
  readonly clause: string;
  /** Whether what the server stores is what the statement would make it store. */
  readonly isStoredAs: (hash: string) => boolean;
}

/** Privileges with which their holder can become anybody. */
const ADMINISTRATIVE = "'SYSTEM_USER', 'ROLE_ADMIN', 'SET_USER_ID', 'SET_ANY_DEFINER'";

/** A signed-in user of MySQL or Aurora MySQL. */
export class MysqlSession extends AccountSession<MysqlUser> {
  protected readonly rights =
    'CREATE USER on *.*, SELECT on mysql.*, and ROLE_ADMIN on *.* for alternating users and for users with roles';

  protected readonly knowsPrefixes = true;

  constructor(
    connection: MysqlConnection,
    state: SessionState,
    options: SessionOptions,
    private readonly ownPassword: string,
  ) {
    super(connection, state, options);
  }

  /** The only role of the alternate user is its base, with all rights of the base. */
  get identity(): Identity {
    const { username } = this;
    const role = parseAccount(this.state.role).username.replace(/^`(.*)`$/s, '$1').replaceAll('``', '`');
    return { username, actingAs: username === `${role}${ALTERNATE_USER_SUFFIX}` ? role : username };
  }

  /** In the one form that a user may send for itself, which the server writes to its logs without the password. */
  protected async setOwnPassword(password: string): Promise<void> {
    const sql = `ALTER USER USER() IDENTIFIED BY ${quoteLiteral(password)}`;
    const isSet = async (): Promise<boolean> => this.options.worksFor(password);
    try {
      await this.change([{ sql, isSet }]);
    } catch (thrown) {
      // Not always sent: it is refused to those who have signed in with the second of two passwords.
      if (RotationError.from(thrown).code !== MISSING_CURRENT_PASSWORD) {
        throw thrown;
      }
      await this.change([{ sql: `${sql} REPLACE ${quoteLiteral(this.ownPassword)}`, isSet }]);
    }
  }

  protected async find(usernames: readonly string[]): Promise<(MysqlUser | undefined)[]> {
    const users: (MysqlUser | undefined)[] = [];
    for (const username of usernames) {
      users.push(await findMysqlUser(this.connection, username));
    }
    return users;
  }

  protected async administer(accounts: readonly Account[]): Promise<boolean> {
    for (const account of accounts) {
      if (await this.administers(account)) {
        return true;
      }
    }
    return false;
  }

  private async administers({ username, host }: Account): Promise<boolean> {
    const rows = await this.connection.rows(`WITH RECURSIVE granted (name, origin) AS (
        SELECT CAST(${quoteLiteral(username)} AS CHAR(255)), CAST(${quoteLiteral(host)} AS CHAR(255))
        UNION SELECT e.FROM_USER, e.FROM_HOST FROM mysql.role_edges e JOIN granted g ON e.TO_USER = g.name AND e.TO_HOST = g.origin)
      SELECT 1 AS administers FROM granted g LEFT JOIN mysql.user u ON u.User = g.name AND u.Host = g.origin
      WHERE 'Y' IN (u.Super_priv, u.Grant_priv, u.Create_user_priv) OR g.name = 'rds_superuser_role' OR EXISTS (
        SELECT 1 FROM mysql.global_grants p WHERE p.USER = g.name AND p.HOST = g.origin AND p.PRIV IN (${ADMINISTRATIVE}))`);
    return rows.length > 0;
  }

  protected checkMethod({ plugin, factors }: MysqlUser): void {
    if (plugin !== CACHING_SHA2 && plugin !== NATIVE) {
      throw otherMethod(plugin, `${CACHING_SHA2} or ${NATIVE}`, `ALTER USER … IDENTIFIED WITH ${CACHING_SHA2} BY …`);
    }
    if (factors !== null && factors > 0) {
      throw furtherMethod();
    }
  }

  protected holds({ plugin, hash }: MysqlUser, password: string): boolean {
    return stores(plugin, hash, password);
  }

  protected async alteration(user: MysqlUser, change: UserChange): Promise<Statement[]> {
    const { plugin, hash, formerHash, expired } = user;
    const form = await this.formOf(plugin, change);
    if (change.discardOthers) {
      return [
        ...this.holds(user, change.password) && !expired ? [] : [this.identifying('ALTER', user, change, form.clause)],
        ...formerHash === null ? [] : [`ALTER USER ${quoteAccount(user)} DISCARD OLD PASSWORD`],
      ];
    }
    if (form.isStoredAs(hash) && !expired) {
      // Set again, the new password would count as another one, and replace the one that is retained.
      return [];
    }
    const statement = (clause = ''): Statement => this.identifying('ALTER', user, change, `${form.clause}${clause}`);
    if (change.retain === undefined) {
      return [statement()];
    }
    if (stores(plugin, hash, change.retain)) {
      return [statement(' RETAIN CURRENT PASSWORD')];
    }
    // After an abandoned rotation, the password that clients hold is the second one already, and stays so.
    const known = formerHash === null || stores(plugin, formerHash, change.retain);
    return known ? [statement()] : [`ALTER USER ${quoteAccount(user)} DISCARD OLD PASSWORD`, statement()];
  }

  protected async creation(account: Account, { password, token }: NewPassword, lock: string): Promise<Statement> {
    const { clause } = await this.formOf(CACHING_SHA2, { username: account.username, password, token });
    return this.identifying('CREATE', account, { password }, `${clause}${lock}`);
  }

  protected roleOf(name: string): Account {
    return { username: name, host: '%' };
  }

  protected granted(roles: readonly Account[], account: Account): string[] {
    const names = roles.map(quoteAccount).join(', ');
    return names === ''
      ? []
      : [`GRANT ${names} TO ${quoteAccount(account)}`, `ALTER USER ${quoteAccount(account)} DEFAULT ROLE ${names}`];
  }

  protected async alternateStatements(
    base: MysqlUser,
    alternate: MysqlUser | undefined,
    change: AlternateChange,
  ): Promise<Statement[]> {
    const account = { username: change.username, host: base.host };
    if (alternate) {
      await this.checkAlternate(alternate, base);
    }
    const { clause, isStoredAs } = await this.formOf(base.plugin, change);
    const demands = ` ${mysqlDemandsOf(base, alternate)}`;
    return [
      alternate && alternate.plugin === base.plugin && isStoredAs(alternate.hash) && !alternate.expired
        ? `ALTER USER ${quoteAccount(account)}${demands}`
        : this.identifying(alternate ? 'ALTER' : 'CREATE', account, change, `${clause}${demands}`),
      ...this.granted([base], account),
    ];
  }

  /** What the function makes has no rights but its base's; where it was killed half way, not even those. */
  private async checkAlternate(alternate: MysqlUser, base: MysqlUser): Promise<void> {
    const made = [
      `GRANT USAGE ON *.* TO ${quoteAccount(alternate)}`,
      `GRANT ${quoteAccount(base)} TO ${quoteAccount(alternate)}`,
    ];
    if (!(await this.grantsFor(alternate)).every((grant) => made.includes(grant))) {
      throw foreignAlternate(['it has rights that are not those of its base']);
    }
  }

  private identifying(
    verb: 'ALTER' | 'CREATE',
    account: Account,
    { password }: { password: string },
    clause: string,
  ): Statement {
    return this.setting(account.username, password, `${verb} USER ${quoteAccount(account)} IDENTIFIED ${clause}`);
  }

  /** How a statement says a password. */
  private async formOf(
    plugin: string,
    { username, password, token }: Omit<UserChange, 'createWithRoles'>,
  ): Promise<PasswordForm> {
    if (this.options.plain) {
      return {
        clause: `WITH ${plugin} BY ${quoteLiteral(password)}`,
        isStoredAs: (hash) => stores(plugin, hash, password),
      };
    }
    const next = plugin === NATIVE
      ? nativePasswordHash(password)
      : cachingSha2Hash(password, saltFor(username, token), await this.digestRounds());
    return { clause: `WITH ${plugin} AS ${quoteLiteral(next)}`, isStoredAs: (hash) => hash === next };
  }

  private async digestRounds(): Promise<number> {
    const [row] = await this.connection.rows<{ Value: string }>(
      "SHOW GLOBAL VARIABLES WHERE Variable_name = 'caching_sha2_password_digest_rounds'",
    );
    return row === undefined ? DEFAULT_ROUNDS : checkedRounds(row.Value);
  }
}

/** Whether what is stored was made from the password. */
function stores(plugin: string, hash: string, password: string): boolean {
  return plugin === NATIVE ? nativePasswordHash(password) === hash : isHashOf(hash, password);
}
