import { randomBytes } from 'node:crypto';
import type { Account } from './account';
import { AccountSession } from './account-session';
import { type DatabaseUser, demandsOf, findUser, foreignAlternate } from './database-users';
import { MariadbGrant } from './mariadb-grant';
import { nativePasswordHash } from './native-password-hash';
import { quoteAccount, quoteIdentifier, quoteLiteral } from './quoting';
import { RotationError } from '../core/rotation-error';
import type { AlternateChange, Identity, NewPassword, UserChange } from '../database/credential-target';

const NATIVE = 'mysql_native_password';
const UNKNOWN_PASSWORD_BYTES = 32;

interface MariadbUser extends DatabaseUser {
  /** Empty where sessions begin without a role. */
  readonly defaultRole: string;
}

/** A signed-in user of MariaDB. */
export class MariadbSession extends AccountSession<MariadbUser> {
  protected readonly rights = 'CREATE USER on *.*, SELECT on mysql.*, and, WITH GRANT OPTION or WITH ADMIN OPTION, what '
    + 'alternating users and users with roles have';

  /** A user cannot be given to another one as a role here: the alternate user has copies of its base's rights. */
  get identity(): Identity {
    return { username: this.username };
  }

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    await this.change([`SET PASSWORD = ${quoteLiteral(nativePasswordHash(password))}`]);
  }

  protected async find(username: string): Promise<MariadbUser | undefined> {
    return findUser<MariadbUser>(this.connection, username, 'default_role AS defaultRole');
  }

  protected async administers({ username, host }: MariadbUser): Promise<boolean> {
    const rows = await this.connection.rows(`WITH RECURSIVE granted (name, origin) AS (
        SELECT CAST(${quoteLiteral(username)} AS CHAR(255)), CAST(${quoteLiteral(host)} AS CHAR(255))
        UNION SELECT m.Role, '' FROM mysql.roles_mapping m JOIN granted g ON m.User = g.name AND m.Host = g.origin)
      SELECT 1 AS administers FROM granted g JOIN mysql.user u ON u.User = g.name AND u.Host = g.origin
      WHERE 'Y' IN (u.Super_priv, u.Grant_priv, u.Create_user_priv)`);
    return rows.length > 0;
  }

  protected async alteration(user: MariadbUser, { password }: UserChange): Promise<string[]> {
    if (user.plugin !== NATIVE) {
      throw new RotationError('configuration', `the user does not sign in with ${NATIVE}: its password is not rotated`);
    }
    return [`SET PASSWORD FOR ${quoteAccount(user)} = ${quoteLiteral(nativePasswordHash(password))}`];
  }

  protected async created(account: Account, change: { password?: string }, roles: readonly string[]): Promise<string[]> {
    if (roles.length > 1) {
      throw new RotationError(
        'configuration',
        'a session of MariaDB begins with one role: give the user to be created one that has the others',
      );
    }
    const { password = randomBytes(UNKNOWN_PASSWORD_BYTES).toString('hex') } = change;
    const name = quoteAccount(account);
    return [
      `CREATE USER ${name} ${withHash(password)}`,
      ...roles.flatMap((role) => [
        `GRANT ${quoteIdentifier(role)} TO ${name}`,
        `SET DEFAULT ROLE ${quoteIdentifier(role)} FOR ${name}`,
      ]),
    ];
  }

  protected async alternateStatements(
    base: MariadbUser,
    alternate: MariadbUser | undefined,
    change: AlternateChange,
  ): Promise<string[]> {
    const account = { username: change.username, host: base.host };
    const name = quoteAccount(account);
    const rights = await this.grantsOf(base);
    if (alternate && !(await this.grantsOf(alternate)).every((grant) => grant.isWithin(rights))) {
      throw foreignAlternate(['it has rights that its base does not have']);
    }
    return [
      ...(alternate
        ? [...(await this.alteration(alternate, change)), `ALTER USER ${name} ${demandsOf(base)}`]
        : [`CREATE USER ${name} ${withHash(change.password)} ${demandsOf(base)}`]),
      ...rights.flatMap((grant) => grant.statementFor(account) ?? []),
      `SET DEFAULT ROLE ${base.defaultRole === '' ? 'NONE' : quoteIdentifier(base.defaultRole)} FOR ${name}`,
    ];
  }

  private async grantsOf(account: Account): Promise<MariadbGrant[]> {
    const rows = await this.connection.rows<Record<string, string>>(`SHOW GRANTS FOR ${quoteAccount(account)}`);
    return rows.flatMap((row) => Object.values(row)).flatMap((text) => MariadbGrant.parse(text, account) ?? []);
  }
}

function withHash(password: string): string {
  return `IDENTIFIED VIA ${NATIVE} USING ${quoteLiteral(nativePasswordHash(password))}`;
}
