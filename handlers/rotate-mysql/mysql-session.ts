import { randomBytes } from 'node:crypto';
import { type Account, parseAccount } from './account';
import { AccountSession, type SessionState } from './account-session';
import { cachingSha2Hash, isHashOf, saltFor } from './caching-sha2-hash';
import { type DatabaseUser, demandsOf, findUser, foreignAlternate } from './database-users';
import type { MysqlConnection } from './mysql-connection';
import { nativePasswordHash } from './native-password-hash';
import { quoteAccount, quoteLiteral } from './quoting';
import { ALTERNATE_USER_SUFFIX } from '../../src/contract/database-facts';
import { RotationError } from '../core/rotation-error';
import type { AlternateChange, Identity, NewPassword, UserChange } from '../database/credential-target';

const CACHING_SHA2 = 'caching_sha2_password';
const NATIVE = 'mysql_native_password';
/** Of servers that are too old to be asked. */
const DEFAULT_ROUNDS = 5_000;
const UNKNOWN_PASSWORD_BYTES = 32;
const MISSING_CURRENT_PASSWORD = '3892';

interface MysqlUser extends DatabaseUser {
  /** What the server stores of the second password. */
  readonly formerHash: string | null;
}

const OWN_COLUMNS = "JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')) AS formerHash";

/** Privileges with which their holder can become anybody. */
const ADMINISTRATIVE = "'SYSTEM_USER', 'ROLE_ADMIN', 'SET_USER_ID', 'SET_ANY_DEFINER'";

/** A signed-in user of MySQL or Aurora MySQL. */
export class MysqlSession extends AccountSession<MysqlUser> {
  protected readonly rights =
    'CREATE USER on *.*, SELECT on mysql.*, and ROLE_ADMIN on *.* for alternating users and for users with roles';

  constructor(connection: MysqlConnection, state: SessionState, private readonly ownPassword: string) {
    super(connection, state);
  }

  /** The only role of the alternate user is its base, with all rights of the base. */
  get identity(): Identity {
    const { username } = this;
    const role = parseAccount(this.state.role).username.replace(/^`(.*)`$/s, '$1').replaceAll('``', '`');
    return { username, actingAs: username === `${role}${ALTERNATE_USER_SUFFIX}` ? role : username };
  }

  /** In the one form that a user may send for itself, which the server writes to its logs without the password. */
  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    const statement = `ALTER USER USER() IDENTIFIED BY ${quoteLiteral(password)}`;
    try {
      await this.change([statement]);
    } catch (thrown) {
      // Not always sent: it is refused to those who have signed in with the second of two passwords.
      if (RotationError.from(thrown).code !== MISSING_CURRENT_PASSWORD) {
        throw thrown;
      }
      await this.change([`${statement} REPLACE ${quoteLiteral(this.ownPassword)}`]);
    }
  }

  protected async find(username: string): Promise<MysqlUser | undefined> {
    return findUser<MysqlUser>(this.connection, username, OWN_COLUMNS);
  }

  protected async administers({ username, host }: MysqlUser): Promise<boolean> {
    const rows = await this.connection.rows(`WITH RECURSIVE granted (name, origin) AS (
        SELECT CAST(${quoteLiteral(username)} AS CHAR(255)), CAST(${quoteLiteral(host)} AS CHAR(255))
        UNION SELECT e.FROM_USER, e.FROM_HOST FROM mysql.role_edges e JOIN granted g ON e.TO_USER = g.name AND e.TO_HOST = g.origin)
      SELECT 1 AS administers FROM granted g LEFT JOIN mysql.user u ON u.User = g.name AND u.Host = g.origin
      WHERE 'Y' IN (u.Super_priv, u.Grant_priv, u.Create_user_priv) OR g.name = 'rds_superuser_role' OR EXISTS (
        SELECT 1 FROM mysql.global_grants p WHERE p.USER = g.name AND p.HOST = g.origin AND p.PRIV IN (${ADMINISTRATIVE}))`);
    return rows.length > 0;
  }

  protected async alteration(user: MysqlUser, change: UserChange): Promise<string[]> {
    const { plugin, hash, formerHash } = user;
    const next = await this.hashOf(plugin, change);
    const statement = this.withHash('ALTER', user, plugin, next);
    if (change.retain === undefined) {
      return [statement];
    }
    if (hash === next) {
      // Set again, the new password would replace the one that is retained.
      return [];
    }
    if (stores(plugin, hash, change.retain)) {
      return [`${statement} RETAIN CURRENT PASSWORD`];
    }
    // After an abandoned rotation, the password that clients hold is the second one already, and stays so.
    const known = formerHash === null || stores(plugin, formerHash, change.retain);
    return known ? [statement] : [`ALTER USER ${quoteAccount(user)} DISCARD OLD PASSWORD`, statement];
  }

  protected async created(
    account: Account,
    change: { password?: string; token: string },
    roles: readonly string[],
  ): Promise<string[]> {
    const { token, password = randomBytes(UNKNOWN_PASSWORD_BYTES).toString('hex') } = change;
    const hash = await this.hashOf(CACHING_SHA2, { username: account.username, password, token });
    return [
      this.withHash('CREATE', account, CACHING_SHA2, hash),
      ...this.granted(
        roles.map((username) => ({ username, host: '%' })),
        account,
      ),
    ];
  }

  protected async alternateStatements(
    base: MysqlUser,
    alternate: MysqlUser | undefined,
    change: AlternateChange,
  ): Promise<string[]> {
    const account = { username: change.username, host: base.host };
    if (alternate) {
      await this.checkAlternate(alternate, base);
    }
    const plugin = alternate?.plugin ?? CACHING_SHA2;
    const hash = await this.hashOf(plugin, change);
    return [
      `${this.withHash(alternate ? 'ALTER' : 'CREATE', account, plugin, hash)} ${demandsOf(base)}`,
      ...this.granted([base], account),
    ];
  }

  private granted(roles: readonly Account[], account: Account): string[] {
    const names = roles.map(quoteAccount).join(', ');
    return names === ''
      ? []
      : [`GRANT ${names} TO ${quoteAccount(account)}`, `ALTER USER ${quoteAccount(account)} DEFAULT ROLE ${names}`];
  }

  /** What the function makes has no rights but its base's; where it was killed half way, not even those. */
  private async checkAlternate(alternate: MysqlUser, base: MysqlUser): Promise<void> {
    const made = [
      `GRANT USAGE ON *.* TO ${quoteAccount(alternate)}`,
      `GRANT ${quoteAccount(base)} TO ${quoteAccount(alternate)}`,
    ];
    const rows = await this.connection.rows(`SHOW GRANTS FOR ${quoteAccount(alternate)}`);
    if (!rows.flatMap((row) => Object.values(row) as unknown[]).every((grant) => made.includes(String(grant)))) {
      throw foreignAlternate(['it has rights that are not those of its base']);
    }
  }

  private withHash(verb: 'ALTER' | 'CREATE', account: Account, plugin: string, hash: string): string {
    return `${verb} USER ${quoteAccount(account)} IDENTIFIED WITH ${plugin} AS ${quoteLiteral(hash)}`;
  }

  private async hashOf(
    plugin: string,
    { username, password, token }: { username: string; password: string; token: string },
  ): Promise<string> {
    switch (plugin) {
      case CACHING_SHA2:
        return cachingSha2Hash(password, saltFor(username, token), await this.digestRounds());
      case NATIVE:
        return nativePasswordHash(password);
      default:
        throw new RotationError(
          'configuration',
          `the user does not sign in with ${CACHING_SHA2} or ${NATIVE}: its password is not rotated`,
        );
    }
  }

  private async digestRounds(): Promise<number> {
    const [row] = await this.connection.rows<{ Value: string }>(
      "SHOW GLOBAL VARIABLES WHERE Variable_name = 'caching_sha2_password_digest_rounds'",
    );
    return row === undefined ? DEFAULT_ROUNDS : Number(row.Value);
  }
}

/** Whether what is stored was made from the password. */
function stores(plugin: string, hash: string, password: string): boolean {
  return plugin === NATIVE ? nativePasswordHash(password) === hash : isHashOf(hash, password);
}
