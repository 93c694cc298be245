import type { OracleStatements } from './oracle-statements';
import type { OracleUser } from './oracle-users';
import { RotationError } from '../core/rotation-error';
import { onlyRow } from '../database/only-row';

/** Wrong passwords have brought this lock about, and it ends by itself. */
const TIMED_LOCK = 'LOCKED(TIMED)';
const LOCK = 'LOCKED';
const PROXY_ONLY = 'Y';

/** Its own, that of a role that it has, in whatever depth, or everybody's. */
const MAY_CONNECT = `SELECT COUNT(*) AS "found" FROM sys.dba_sys_privs WHERE privilege = 'CREATE SESSION' AND grantee IN (
    SELECT CAST(:name AS VARCHAR2(128)) FROM sys.dual UNION SELECT 'PUBLIC' FROM sys.dual
    UNION SELECT granted_role FROM sys.dba_role_privs START WITH grantee IN (:name, 'PUBLIC') CONNECT BY NOCYCLE grantee = PRIOR granted_role)`;

/**
 * Throws for a user that an administrator has switched off: a new password would not let it in, or would undo that.
 *
 * What the statement that sets the password ends is no obstacle: an expired password, and a timed lock.
 */
export function checkOpen({ status, proxyOnly }: OracleUser, who: string): void {
  if (status.replaceAll(TIMED_LOCK, '').includes(LOCK)) {
    throw new RotationError('configuration', `${who} is locked: ALTER USER … ACCOUNT UNLOCK`);
  }
  if (proxyOnly === PROXY_ONLY) {
    throw new RotationError('configuration',
      `only others may connect as ${who}, through themselves: ALTER USER … CANCEL PROXY ONLY CONNECT`);
  }
}

/** Throws for a user that may not sign in. */
export async function checkMayConnect(statements: OracleStatements, { username }: OracleUser): Promise<void> {
  const { found } = onlyRow(await statements.rows<{ found: number }>(MAY_CONNECT, { name: username }));
  if (found === 0) {
    throw new RotationError('configuration', 'the user lacks CREATE SESSION: GRANT CREATE SESSION TO …');
  }
}

/** What ends a timed lock: whoever guesses begins anew, at another password. */
export function unlocking({ status }: OracleUser): string {
  return status.includes(TIMED_LOCK) ? ' ACCOUNT UNLOCK' : '';
}
