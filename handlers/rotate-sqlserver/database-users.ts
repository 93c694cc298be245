import { changeAsOwner } from './change-as-owner';
import { permissionChanges, type PermissionRow, roleChanges } from './permission';
import { quoteIdentifier, quoteLiteral } from './quoting';
import type { SqlserverConnection } from './sqlserver-connection';

/** A user of one database. */
export interface DatabaseUser {
  readonly id: number;
  readonly name: string;
  readonly sid: string;
  readonly defaultSchema: string | null;
}

/** A user with a password of its own in one database. */
export interface ContainedUser extends DatabaseUser {
  readonly defaultLanguage: string | null;
}

const OWNER_ID = 1;

/** The user of a name that has a password of its own, in a database that allows those. */
export async function findContainedUser(
  connection: SqlserverConnection,
  database: string,
  name: string,
): Promise<ContainedUser | undefined> {
  const rows =
    await connection.rows<ContainedUser>(`USE ${quoteIdentifier(database)}; SELECT principal_id AS id, name AS name, CONVERT(nvarchar(200), sid, 1) AS sid,
      default_schema_name AS defaultSchema, default_language_name AS defaultLanguage
    FROM sys.database_principals WHERE authentication_type = 2 AND name = ${quoteLiteral(name)}`);
  return rows.find((row) => row.name === name);
}

/** The databases that can be changed and that the superuser may open; in others nobody sees who is a user. */
export async function openDatabases(connection: SqlserverConnection): Promise<string[]> {
  const rows = await connection.rows<{ name: string }>(`SELECT name AS name FROM sys.databases
    WHERE state = 0 AND is_read_only = 0 AND name <> N'tempdb' AND HAS_DBACCESS(name) = 1 ORDER BY name`);
  return rows.map(({ name }) => name);
}

/** Users of a database by their security identifiers. */
export async function usersBySid(
  connection: SqlserverConnection,
  database: string,
  ...sids: string[]
): Promise<(DatabaseUser | undefined)[]> {
  const rows = await connection.rows<DatabaseUser>(`USE ${quoteIdentifier(database)}; SELECT principal_id AS id, name AS name,
      CONVERT(nvarchar(200), sid, 1) AS sid, default_schema_name AS defaultSchema
    FROM sys.database_principals WHERE sid IN (${sids.join(', ')})`);
  return sids.map((sid) => rows.find((row) => row.sid === sid));
}

/** Gives a user the roles, the permissions and the schema of another one, or of nobody, and no others. */
export async function copyDatabaseRights(
  connection: SqlserverConnection, database: string, base: DatabaseUser | undefined, alternate: DatabaseUser,
): Promise<void> {
  const wanted = base ? await databaseRights(connection, database, base, true) : { roles: [], permissions: [] };
  const present = await databaseRights(connection, database, alternate, false);
  const schema = base?.defaultSchema ?? undefined;
  await changeAsOwner(connection, database, [
    ...(schema === undefined || schema === alternate.defaultSchema
      ? []
      : [`ALTER USER ${quoteIdentifier(alternate.name)} WITH DEFAULT_SCHEMA = ${quoteIdentifier(schema)}`]),
    ...roleChanges('ROLE', wanted.roles, present.roles, alternate.name),
    ...permissionChanges(wanted.permissions, present.permissions, alternate.name),
  ]);
}

async function databaseRights(
  connection: SqlserverConnection, database: string, { id }: DatabaseUser, asOwner: boolean,
): Promise<{ roles: string[]; permissions: PermissionRow[] }> {
  const use = `USE ${quoteIdentifier(database)};`;
  const roles = await connection.rows<{ role: string }>(`${use} SELECT r.name AS role FROM sys.database_role_members m
    JOIN sys.database_principals r ON r.principal_id = m.role_principal_id WHERE m.member_principal_id = ${id} ORDER BY r.name`);
  const granted = await connection.rows<PermissionRow>(`${use} ${GRANTED} WHERE p.grantee_principal_id = ${id}
    ORDER BY p.class, p.major_id, p.minor_id, p.permission_name`);
  // The owner of a schema or an object may do anything with it. The owner of the database owns most of them, by its role.
  const owned = asOwner && id !== OWNER_ID ? await connection.rows<PermissionRow>(`${use} ${owning(id)}`) : [];
  return { roles: roles.map(({ role }) => role), permissions: [...granted, ...owned] };
}

const GRANTED = `SELECT CAST(p.class AS int) AS class, CAST(p.state AS nvarchar(1)) AS state, p.permission_name AS permission,
    CASE p.class WHEN 4 THEN (SELECT CASE u.type WHEN N'R' THEN N'ROLE' WHEN N'A' THEN N'APPLICATION ROLE' ELSE N'USER' END
      FROM sys.database_principals u WHERE u.principal_id = p.major_id) END AS kind,
    CASE p.class WHEN 1 THEN OBJECT_SCHEMA_NAME(p.major_id)
      WHEN 6 THEN (SELECT SCHEMA_NAME(t.schema_id) FROM sys.types t WHERE t.user_type_id = p.major_id)
      WHEN 10 THEN (SELECT SCHEMA_NAME(x.schema_id) FROM sys.xml_schema_collections x WHERE x.xml_collection_id = p.major_id) END AS [schema],
    CASE p.class WHEN 1 THEN OBJECT_NAME(p.major_id) WHEN 3 THEN SCHEMA_NAME(p.major_id) WHEN 4 THEN USER_NAME(p.major_id)
      WHEN 5 THEN (SELECT a.name FROM sys.assemblies a WHERE a.assembly_id = p.major_id)
      WHEN 6 THEN TYPE_NAME(p.major_id)
      WHEN 10 THEN (SELECT x.name FROM sys.xml_schema_collections x WHERE x.xml_collection_id = p.major_id)
      WHEN 15 THEN (SELECT m.name FROM sys.service_message_types m WHERE m.message_type_id = p.major_id)
      WHEN 16 THEN (SELECT c.name FROM sys.service_contracts c WHERE c.service_contract_id = p.major_id)
      WHEN 17 THEN (SELECT s.name FROM sys.services s WHERE s.service_id = p.major_id)
      WHEN 18 THEN (SELECT b.name FROM sys.remote_service_bindings b WHERE b.remote_service_binding_id = p.major_id)
      WHEN 19 THEN (SELECT r.name FROM sys.routes r WHERE r.route_id = p.major_id)
      WHEN 23 THEN (SELECT f.name FROM sys.fulltext_catalogs f WHERE f.fulltext_catalog_id = p.major_id)
      WHEN 24 THEN (SELECT k.name FROM sys.symmetric_keys k WHERE k.symmetric_key_id = p.major_id)
      WHEN 25 THEN (SELECT c.name FROM sys.certificates c WHERE c.certificate_id = p.major_id)
      WHEN 26 THEN (SELECT k.name FROM sys.asymmetric_keys k WHERE k.asymmetric_key_id = p.major_id) END COLLATE DATABASE_DEFAULT AS name,
    CASE WHEN p.class = 1 AND p.minor_id > 0 THEN COL_NAME(p.major_id, p.minor_id) END AS [column]
  FROM sys.database_permissions p`;

function owning(id: number): string {
  return `SELECT 3 AS class, N'G' AS state, N'CONTROL' AS permission, CAST(NULL AS nvarchar(128)) AS kind,
      CAST(NULL AS nvarchar(128)) AS [schema], name AS name, CAST(NULL AS nvarchar(128)) AS [column] FROM sys.schemas WHERE principal_id = ${id}
    UNION ALL SELECT 1, N'G', N'CONTROL', NULL, SCHEMA_NAME(schema_id), name, NULL FROM sys.objects
      WHERE principal_id = ${id} AND parent_object_id = 0`;
}
