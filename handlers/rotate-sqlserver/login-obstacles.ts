import type { ServerLogin } from './server-logins';
import type { SqlserverConnection } from './sqlserver-connection';
import { RotationError } from '../core/rotation-error';
import { onlyRow } from '../database/only-row';

/** What keeps a login out, or lets it in, whatever its password. */
export interface LoginState {
  readonly disabled: number;
  /** After wrong passwords; null where the superuser may not see it. */
  readonly locked: number | null;
  /** CONNECT to the server, or to the endpoint of this session. */
  readonly denied: number;
  /** Whether nothing grants CONNECT, as far as the superuser sees all that could. */
  readonly unconnected: number;
  /** Whether it may open every database. */
  readonly everywhere: number;
}

const PUBLIC_ROLE = 2;

export async function loginState(connection: SqlserverConnection, { id }: ServerLogin): Promise<LoginState> {
  return onlyRow(await connection.rows<LoginState>(`WITH held (id) AS (
      SELECT CAST(${id} AS int) UNION ALL SELECT CAST(${PUBLIC_ROLE} AS int)
      UNION ALL SELECT m.role_principal_id FROM sys.server_role_members m JOIN held h ON m.member_principal_id = h.id),
    given (permission, state) AS (SELECT g.permission_name, g.state FROM sys.server_permissions g JOIN held h ON h.id = g.grantee_principal_id
      WHERE g.class = 100 OR (g.class = 105 AND g.permission_name = N'CONNECT' AND g.state = N'D'
        AND g.major_id = (SELECT s.endpoint_id FROM sys.dm_exec_sessions s WHERE s.session_id = @@SPID)))
    SELECT CAST(l.is_disabled AS int) AS disabled, CAST(LOGINPROPERTY(l.name, N'IsLocked') AS int) AS locked,
      CASE WHEN EXISTS (SELECT 1 FROM given WHERE permission IN (N'CONNECT SQL', N'CONNECT') AND state = N'D') THEN 1 ELSE 0 END AS denied,
      CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, N'ALTER ANY LOGIN') = 1
        AND NOT EXISTS (SELECT 1 FROM given WHERE permission = N'CONNECT SQL' AND state IN (N'G', N'W')) THEN 1 ELSE 0 END AS unconnected,
      CASE WHEN EXISTS (SELECT 1 FROM given WHERE permission = N'CONNECT ANY DATABASE' AND state IN (N'G', N'W'))
        OR EXISTS (SELECT 1 FROM held h JOIN sys.server_principals r ON r.principal_id = h.id WHERE r.name = N'##MS_DatabaseConnector##')
        THEN 1 ELSE 0 END AS everywhere
    FROM sys.sql_logins l WHERE l.principal_id = ${id}`));
}

/** Throws for a login that an administrator has switched off: a new password would not let it in, or would undo that. */
export function checkEnabled({ disabled }: LoginState, whose: string): void {
  if (disabled !== 0) {
    throw new RotationError('configuration', `the login of ${whose} is disabled: ALTER LOGIN … ENABLE`);
  }
}

/** Throws for a login that may not sign in at the server. */
export function checkConnects({ denied, unconnected }: LoginState): void {
  if (denied !== 0) {
    throw new RotationError('configuration',
      'the login, or a role that it has, is denied to connect to the server: GRANT CONNECT SQL TO …, or REVOKE the denial');
  }
  if (unconnected !== 0) {
    throw new RotationError('configuration', 'the login may not connect to the server: GRANT CONNECT SQL TO …');
  }
}

/** What ends a lock that wrong passwords have brought about: whoever guesses begins anew, at another password. */
export function unlocking({ locked }: LoginState): string {
  return locked === 1 ? ' UNLOCK' : '';
}
