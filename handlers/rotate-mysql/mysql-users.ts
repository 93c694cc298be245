import { type DatabaseUser, demandsOf, expiryOf, findUsers } from './database-users';
import type { MysqlConnection } from './mysql-connection';

export interface MysqlUser extends DatabaseUser {
  /** What the server stores of the second password. */
  readonly formerHash: string | null;
  /** Factors beside the password. */
  readonly factors: number | null;
  /** Absent, like each of the following, where it is the server's. */
  readonly lifetimeDays: number | null;
  readonly history: number | null;
  readonly reuseDays: number | null;
  /** `Y` or `N`. */
  readonly requireCurrent: string | null;
  /** Refused logins after which the user is locked; absent where there is no limit. */
  readonly failures: number | null;
  /** -1 where it is for good. */
  readonly lockDays: number | null;
}

const DAYS = 'COALESCE(password_lifetime, @@global.default_password_lifetime)';
const COLUMNS = `account_locked = 'Y' AS locked,
  password_expired = 'Y' OR (${DAYS} > 0 AND password_last_changed + INTERVAL ${DAYS} DAY <= NOW()) AS expired,
  password_lifetime AS lifetimeDays, Password_reuse_history AS history, Password_reuse_time AS reuseDays,
  Password_require_current AS requireCurrent,
  JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.additional_password')) AS formerHash,
  JSON_LENGTH(User_attributes, '$.multi_factor_authentication') AS factors,
  JSON_EXTRACT(User_attributes, '$.Password_locking.failed_login_attempts') + 0 AS failures,
  JSON_EXTRACT(User_attributes, '$.Password_locking.password_lock_time_days') + 0 AS lockDays`;

export async function findMysqlUser(connection: MysqlConnection, username: string): Promise<MysqlUser | undefined> {
  const [user] = await findUsers<MysqlUser>(connection, [username], { columns: COLUMNS });
  return user;
}

/** How a user has to connect, its limits and its password policy, as clauses of a statement. */
export function mysqlDemandsOf(user: MysqlUser, former: MysqlUser | undefined): string {
  const { lifetimeDays, history, reuseDays, requireCurrent } = user;
  return [
    demandsOf(user),
    expiryOf(lifetimeDays),
    `PASSWORD HISTORY ${history ?? 'DEFAULT'} PASSWORD REUSE INTERVAL ${reuseDays === null ? 'DEFAULT' : `${reuseDays} DAY`}`,
    `PASSWORD REQUIRE CURRENT${requireCurrent === null ? ' DEFAULT' : requireCurrent === 'N' ? ' OPTIONAL' : ''}`,
    ...lockingOf(user, former),
  ].join(' ');
}

/** Servers before 8.0.19 do not know the words; what is not there need not be said. */
function lockingOf({ failures, lockDays }: MysqlUser, former: MysqlUser | undefined): string[] {
  return (failures ?? former?.failures ?? null) === null
    ? []
    : [`FAILED_LOGIN_ATTEMPTS ${failures ?? 0} PASSWORD_LOCK_TIME ${lockDays === -1 ? 'UNBOUNDED' : lockDays ?? 0}`];
}
