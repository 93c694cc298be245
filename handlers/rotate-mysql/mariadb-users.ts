import type { Account } from './account';
import { type DatabaseUser, demandsOf, expiryOf, findUsers } from './database-users';
import type { MysqlConnection } from './mysql-connection';
import { quoteLiteral } from './quoting';
import { RotationError } from '../core/rotation-error';

export interface MariadbUser extends DatabaseUser {
  /** Empty where sessions begin without a role. */
  readonly defaultRole: string;
  readonly statementSeconds: string;
  /** Absent where it is the server's. */
  readonly lifetimeDays: number | null;
  /** Methods beside that of the view, as JSON. */
  readonly furtherMethods: string | null;
  /** Whether the superuser may read what the view does not show. */
  readonly isDetailed: boolean;
}

/** What only the table behind the view `mysql.user` says. */
interface UserDetails extends Account {
  readonly locked: number | null;
  readonly expired: number | null;
  readonly lifetimeDays: number | null;
  readonly furtherMethods: string | null;
}

const COLUMNS = `default_role AS defaultRole, max_statement_time AS statementSeconds, NULL AS lifetimeDays,
  NULL AS furtherMethods, 0 AS locked, password_expired = 'Y' AS expired`;
/** -1 stands for the server's. */
const LIFETIME = "NULLIF(JSON_VALUE(Priv, '$.password_lifetime') + 0, -1)";
const CHANGED = "JSON_VALUE(Priv, '$.password_last_changed') + 0";
const DAYS = `COALESCE(${LIFETIME}, @@global.default_password_lifetime)`;
const DETAILS = `JSON_VALUE(Priv, '$.account_locked') + 0 AS locked, ${LIFETIME} AS lifetimeDays,
  ${CHANGED} = 0 OR (${DAYS} > 0 AND ${CHANGED} + ${DAYS} * 86400 <= UNIX_TIMESTAMP()) AS expired,
  CONCAT(JSON_EXTRACT(Priv, '$.auth_or[*].plugin'), '') AS furtherMethods`;

/** The users of names, in their order; a role of the name is something else. */
export async function findMariadbUsers(
  connection: MysqlConnection, usernames: readonly string[],
): Promise<(MariadbUser | undefined)[]> {
  const users = await findUsers<MariadbUser>(connection, usernames, { columns: COLUMNS, where: " AND is_role = 'N'" });
  const found = users.filter((user) => user !== undefined);
  const details = found.length > 0 ? await readDetails(connection, found) : [];
  return users.map((user) => {
    const more = details.find(({ username, host }) => username === user?.username && host === user.host);
    return user && {
      ...user, ...more && { ...more, locked: more.locked === 1, expired: more.expired === 1 }, isDetailed: more !== undefined,
    };
  });
}

/** How a user has to connect, and its limits, as clauses of a statement. */
export function mariadbDemandsOf(user: MariadbUser): string {
  return `${demandsOf(user)} MAX_STATEMENT_TIME ${user.statementSeconds} ${expiryOf(user.lifetimeDays)}`;
}

export function furtherMethodsOf({ furtherMethods }: MariadbUser): string[] {
  return JSON.parse(furtherMethods ?? '[]') as string[];
}

/** Nothing where the superuser may read the view alone. */
async function readDetails(connection: MysqlConnection, users: readonly MariadbUser[]): Promise<UserDetails[]> {
  const accounts = users.map(({ username, host }) => `User = ${quoteLiteral(username)} AND Host = ${quoteLiteral(host)}`);
  const sql = `SELECT User AS username, Host AS host, ${DETAILS} FROM mysql.global_priv WHERE ${accounts.join(' OR ')}`;
  return connection.rows<UserDetails>(sql).catch((thrown: unknown) => {
    const error = RotationError.from(thrown);
    if (error.errorClass !== 'permission') {
      throw error;
    }
    return [];
  });
}
