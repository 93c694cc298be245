import { permissionChanges, type PermissionRow, roleChanges } from './permission';
import { quoteLiteral } from './quoting';
import type { SqlserverConnection } from './sqlserver-connection';
import { onlyRow } from '../database/only-row';

/** A login of the server, as its catalogue shows it. */
export interface ServerLogin {
  readonly id: number;
  readonly name: string;
  /** `0x` and hexadecimal digits. */
  readonly sid: string;
  /** Absent where the superuser may not see it. */
  readonly defaultDatabase: string | null;
  readonly defaultLanguage: string | null;
  readonly policyChecked: number;
  readonly expirationChecked: number;
  /** Whether it uses a credential of the server for what is outside of it. */
  readonly hasCredential: number;
}

/** The login of a name, of those that sign in with a password. */
export async function findLogin(connection: SqlserverConnection, name: string): Promise<ServerLogin | undefined> {
  const rows = await connection.rows<ServerLogin>(`SELECT principal_id AS id, name AS name, CONVERT(nvarchar(200), sid, 1) AS sid,
      default_database_name AS defaultDatabase, default_language_name AS defaultLanguage,
      CAST(is_policy_checked AS int) AS policyChecked, CAST(is_expiration_checked AS int) AS expirationChecked,
      CASE WHEN credential_id IS NULL THEN 0 ELSE 1 END AS hasCredential
    FROM sys.sql_logins WHERE name = ${quoteLiteral(name)}`);
  // The server's collation may take capital letters, accents and spaces at the end for the same.
  return rows.find((row) => row.name === name);
}

/** Whether a login may change others or act as one of them, itself or by a role. */
export async function administers(connection: SqlserverConnection, { id }: ServerLogin): Promise<boolean> {
  const row = onlyRow(await connection.rows<{ administers: number }>(`WITH held (id) AS (
      SELECT CAST(${id} AS int) UNION ALL SELECT m.role_principal_id FROM sys.server_role_members m JOIN held h ON m.member_principal_id = h.id)
    SELECT COUNT(*) AS administers FROM held h JOIN sys.server_principals p ON p.principal_id = h.id
    WHERE p.sid = 0x01 OR p.name IN (N'sysadmin', N'securityadmin', N'##MS_LoginManager##') OR EXISTS (
      SELECT 1 FROM sys.server_permissions g WHERE g.grantee_principal_id = h.id AND g.state IN (N'G', N'W') AND (
        (g.class = 100 AND g.permission_name IN (N'CONTROL SERVER', N'ALTER ANY LOGIN', N'ALTER ANY SERVER ROLE', N'IMPERSONATE ANY LOGIN'))
        OR (g.class = 101 AND g.permission_name IN (N'CONTROL', N'ALTER', N'IMPERSONATE'))))`));
  return row.administers > 0;
}

/** Gives a login the server roles and the permissions of the server that another one has, and no others. */
export async function copyServerRights(
  connection: SqlserverConnection,
  base: ServerLogin,
  alternate: ServerLogin,
): Promise<void> {
  const [wanted, present] = [await serverRights(connection, base), await serverRights(connection, alternate)];
  // The server takes changes of its permissions in this database only.
  await connection.change('master', [
    ...roleChanges('SERVER ROLE', wanted.roles, present.roles, alternate.name),
    ...permissionChanges(wanted.permissions, present.permissions, alternate.name),
  ]);
}

async function serverRights(
  connection: SqlserverConnection,
  { id }: ServerLogin,
): Promise<{ roles: string[]; permissions: PermissionRow[] }> {
  const roles = await connection.rows<{ role: string }>(`SELECT r.name AS role FROM sys.server_role_members m
    JOIN sys.server_principals r ON r.principal_id = m.role_principal_id WHERE m.member_principal_id = ${id} ORDER BY r.name`);
  const permissions =
    await connection.rows<PermissionRow>(`SELECT CAST(g.class AS int) AS class, CAST(g.state AS nvarchar(1)) AS state,
      g.permission_name AS permission, CASE p.type WHEN N'R' THEN N'SERVER ROLE' ELSE N'LOGIN' END AS kind,
      CAST(NULL AS nvarchar(128)) AS [schema], COALESCE(p.name, e.name) AS name, CAST(NULL AS nvarchar(128)) AS [column]
    FROM sys.server_permissions g LEFT JOIN sys.server_principals p ON g.class = 101 AND p.principal_id = g.major_id
    LEFT JOIN sys.endpoints e ON g.class = 105 AND e.endpoint_id = g.major_id
    WHERE g.grantee_principal_id = ${id} ORDER BY g.class, g.major_id, g.permission_name`);
  return { roles: roles.map(({ role }) => role), permissions };
}
