import { quoteIdentifier, quoteLiteral } from './quoting';
import type { SqlserverConnection } from './sqlserver-connection';
import { RotationError } from '../core/rotation-error';
import { onlyRow } from '../database/only-row';

/** What the superuser sees of a database by its name. */
interface DatabaseState {
  /** Whether there is none, as far as the superuser sees all of them. */
  readonly missing: number;
  readonly offline: number;
  /** Whether the superuser may look into it. */
  readonly open: number;
}

/** What a database says of somebody who is to sign in there. */
interface UserState {
  /** How many principals somebody is there: a user and its roles. */
  readonly held: number;
  readonly guests: number;
  readonly denied: number;
  readonly connects: number;
  /** Whether the superuser sees all of them. */
  readonly visible: number;
}

/** Everybody may open these. */
const EVERYBODYS = ['master', 'tempdb'];
/** The owner, and the fixed roles `db_owner` and `db_accessadmin`, which may connect. */
const CONNECTING = '1, 16384, 16385';
const ELSEWHERE = 'or name another one as dbname in the secret or databaseName in the deployment';

/**
 * Throws where clients of a user could not open the database that they connect to, as far as the superuser sees.
 *
 * @param sid the user's identifier; absent for one that does not exist yet
 */
export async function checkMayOpen(connection: SqlserverConnection, name: string, sid: string | undefined): Promise<void> {
  const { missing, offline, open } = await databaseState(connection, name);
  if (missing !== 0) {
    throw new RotationError('configuration', `the database that clients of the user connect to does not exist: create it, ${ELSEWHERE}`);
  }
  if (offline !== 0) {
    throw new RotationError('unavailable', 'the database that clients of the user connect to is not online');
  }
  if (open === 0 || EVERYBODYS.includes(name.toLowerCase())) {
    return;
  }
  const { held, guests, denied, connects, visible } = await userState(connection, name, sid);
  if (denied !== 0) {
    throw new RotationError('configuration',
      'the user, or a role that it has, is denied to connect to its database: GRANT CONNECT TO … there, or REVOKE the denial');
  }
  if (visible !== 0 && held === 0 && guests === 0) {
    throw new RotationError('configuration',
      `the login has no user in the database that its clients connect to: CREATE USER … FOR LOGIN … there, ${ELSEWHERE}`);
  }
  if (visible !== 0 && held > 0 && connects === 0) {
    throw new RotationError('configuration', `the user may not connect to its database: GRANT CONNECT TO … there, ${ELSEWHERE}`);
  }
}

/** Throws where the server lets nobody in who is contained in a database. */
export async function checkContainedUsersAllowed(connection: SqlserverConnection): Promise<void> {
  const [setting] = await connection.rows<{ allowed: number }>(
    "SELECT CAST(value_in_use AS int) AS allowed FROM sys.configurations WHERE name = N'contained database authentication'",
  );
  if (setting?.allowed === 0) {
    throw new RotationError('configuration', 'the server lets no users in that are contained in a database: set the option '
      + "'contained database authentication' to 1, on Amazon RDS in the parameter group");
  }
}

async function databaseState(connection: SqlserverConnection, name: string): Promise<DatabaseState> {
  return onlyRow(await connection.rows<DatabaseState>(`SELECT
      CASE WHEN d.database_id IS NULL AND HAS_PERMS_BY_NAME(NULL, NULL, N'VIEW ANY DATABASE') = 1 THEN 1 ELSE 0 END AS missing,
      CASE WHEN d.state <> 0 THEN 1 ELSE 0 END AS offline, ISNULL(HAS_DBACCESS(d.name), 0) AS [open]
    FROM (SELECT DB_ID(${quoteLiteral(name)}) AS wanted) w LEFT JOIN sys.databases d ON d.database_id = w.wanted`));
}

async function userState(connection: SqlserverConnection, name: string, sid: string | undefined): Promise<UserState> {
  return onlyRow(await connection.rows<UserState>(`USE ${quoteIdentifier(name)}; WITH held (id) AS (
      SELECT principal_id FROM sys.database_principals WHERE sid = ${sid ?? 'NULL'}
      UNION ALL SELECT m.role_principal_id FROM sys.database_role_members m JOIN held h ON m.member_principal_id = h.id),
    given (grantee, permission, state) AS (SELECT grantee_principal_id, permission_name, state FROM sys.database_permissions
      WHERE class = 0 AND permission_name IN (N'CONNECT', N'CONTROL'))
    SELECT (SELECT COUNT(*) FROM held) AS held,
      (SELECT COUNT(*) FROM given WHERE grantee = DATABASE_PRINCIPAL_ID(N'guest') AND state <> N'D') AS guests,
      (SELECT COUNT(*) FROM given WHERE state = N'D' AND (grantee = DATABASE_PRINCIPAL_ID(N'public')
        OR grantee IN (SELECT id FROM held)) AND NOT EXISTS (SELECT 1 FROM held WHERE id = 1)) AS denied,
      (SELECT COUNT(*) FROM held WHERE id IN (${CONNECTING})) + (SELECT COUNT(*) FROM given WHERE state <> N'D'
        AND (grantee = DATABASE_PRINCIPAL_ID(N'public') OR grantee IN (SELECT id FROM held))) AS connects,
      HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'VIEW DEFINITION') AS visible`));
}
