/** The version as Amazon Redshift says it. */
export const REDSHIFT_VERSION =
  'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.120000';

const IDENTITY = `u.rolname::text AS identity_name, CASE WHEN a.grantee = 0 THEN 'public' WHEN u.rolcanlogin THEN 'user'
  WHEN EXISTS (SELECT FROM redshift.roles r WHERE r.name = u.rolname) THEN 'role' ELSE 'group' END AS identity_type, a.is_grantable AS admin_option`;

/** What Amazon Redshift's views say, said of PostgreSQL's own catalogue: columns and values as the documentation has them. */
export const REDSHIFT_CATALOGUE = `
  CREATE SCHEMA redshift;
  CREATE TABLE redshift.roles (name text PRIMARY KEY);
  CREATE TABLE redshift.limits (username text, name text, value text, PRIMARY KEY (username, name));
  CREATE TABLE redshift.shares (database_name text, username text, PRIMARY KEY (database_name, username));
  CREATE TABLE redshift.svv_attached_masking_policy (policy_name text, grantee text, grantee_type text);
  CREATE TABLE redshift.svv_rls_attached_policy (polname text, grantee text, granteekind text);
  CREATE TABLE redshift.svv_datashare_privileges (share_name text, identity_name text, identity_type text);
  CREATE TABLE redshift.svv_ml_model_privileges (model_name text, identity_name text, identity_type text);
  CREATE TABLE redshift.svv_iam_privileges (iam_arn text, identity_name text, identity_type text);
  CREATE FUNCTION redshift.version() RETURNS text LANGUAGE sql AS $$ SELECT '${REDSHIFT_VERSION}' $$;
  CREATE VIEW redshift.pg_proc_info AS SELECT * FROM pg_catalog.pg_proc;
  CREATE VIEW redshift.pg_group AS SELECT * FROM pg_catalog.pg_group g WHERE NOT EXISTS (SELECT FROM redshift.roles r WHERE r.name = g.groname);
  CREATE VIEW redshift.svv_user_info AS SELECT rolname::text AS user_name, rolsuper AS superuser, rolcreatedb AS createdb,
    CASE WHEN rolconnlimit < 0 THEN 'UNLIMITED' ELSE rolconnlimit::text END AS connection_limit,
    COALESCE((SELECT value FROM redshift.limits WHERE username = rolname AND name = 'SYSLOG ACCESS'), 'RESTRICTED') AS syslog_access,
    COALESCE((SELECT value::int FROM redshift.limits WHERE username = rolname AND name = 'SESSION TIMEOUT'), 0) AS session_timeout,
    (SELECT value FROM redshift.limits WHERE username = rolname AND name = 'EXTERNAL') AS external_user_id
    FROM pg_roles WHERE rolcanlogin;
  CREATE VIEW redshift.svv_user_grants AS SELECT m.rolname::text AS user_name, g.rolname::text AS role_name, a.admin_option
    FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid JOIN redshift.roles r ON r.name = g.rolname WHERE m.rolcanlogin;
  CREATE VIEW redshift.svv_role_grants AS SELECT m.rolname::text AS role_name, g.rolname::text AS granted_role_name
    FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.roleid WHERE NOT m.rolcanlogin;
  CREATE VIEW redshift.svv_database_privileges AS
    SELECT d.datname::text AS database_name, a.privilege_type, ${IDENTITY}, 'DATABASE' AS privilege_scope
    FROM pg_database d, aclexplode(d.datacl) a LEFT JOIN pg_roles u ON u.oid = a.grantee
    UNION ALL SELECT database_name, 'USAGE', username, 'user', false, 'DATABASE' FROM redshift.shares;
  CREATE VIEW redshift.svv_schema_privileges AS SELECT n.nspname::text AS namespace_name, a.privilege_type, ${IDENTITY}, 'SCHEMA' AS privilege_scope
    FROM pg_namespace n, aclexplode(n.nspacl) a LEFT JOIN pg_roles u ON u.oid = a.grantee;
  CREATE VIEW redshift.svv_relation_privileges AS SELECT n.nspname::text AS namespace_name, c.relname::text AS relation_name, a.privilege_type, ${IDENTITY}
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a LEFT JOIN pg_roles u ON u.oid = a.grantee WHERE c.relkind IN ('r', 'v', 'm');
  CREATE VIEW redshift.svv_column_privileges AS
    SELECT n.nspname::text AS namespace_name, c.relname::text AS relation_name, t.attname::text AS column_name, a.privilege_type, ${IDENTITY}
    FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(t.attacl) a
    LEFT JOIN pg_roles u ON u.oid = a.grantee;
  CREATE VIEW redshift.svv_function_privileges AS
    SELECT n.nspname::text AS namespace_name, p.proname::text AS function_name, oidvectortypes(p.proargtypes) AS argument_types, a.privilege_type, ${IDENTITY}
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) a LEFT JOIN pg_roles u ON u.oid = a.grantee;
  CREATE VIEW redshift.svv_language_privileges AS SELECT l.lanname::text AS language_name, a.privilege_type, ${IDENTITY}
    FROM pg_language l, aclexplode(l.lanacl) a LEFT JOIN pg_roles u ON u.oid = a.grantee;
  CREATE VIEW redshift.svv_default_privileges AS SELECT n.nspname::text AS schema_name, o.rolname::text AS owner_name,
    CASE d.defaclobjtype WHEN 'r' THEN 'RELATION' ELSE 'FUNCTION' END AS object_type, e.privilege_type, e.identity_name AS grantee_name,
    e.identity_type AS grantee_type, e.admin_option
    FROM pg_default_acl d JOIN pg_roles o ON o.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,
    LATERAL (SELECT a.privilege_type, ${IDENTITY} FROM aclexplode(d.defaclacl) a LEFT JOIN pg_roles u ON u.oid = a.grantee) e;
  GRANT USAGE ON SCHEMA redshift TO PUBLIC;
  GRANT SELECT ON ALL TABLES IN SCHEMA redshift TO PUBLIC;`;

const NAME = '("(?:[^"]|"")*")';
const literal = (identifier: string): string => `'${identifier.slice(1, -1).replaceAll('""', '"').replaceAll("'", "''")}'`;
const setLimit = (user: string, name: string, value: string): string =>
  `INSERT INTO redshift.limits VALUES (${literal(user)}, '${name}', '${value}') ON CONFLICT (username, name) DO UPDATE SET value `
    + '= excluded.value';

/** What Amazon Redshift has and PostgreSQL says otherwise. */
const TRANSLATIONS: readonly [RegExp, string | ((text: string, ...groups: string[]) => string)][] = [
  [/SET search_path TO pg_catalog/g, 'SET search_path TO redshift, pg_catalog'],
  [/SET enable_case_sensitive_identifier TO true/g, 'SELECT 1'],
  [/PASSWORD DISABLE/g, 'PASSWORD NULL'],
  [/CONNECTION LIMIT UNLIMITED/g, 'CONNECTION LIMIT -1'],
  [new RegExp(`(GRANT|REVOKE) ROLE ${NAME} (TO|FROM)`, 'g'), '$1 $2 $3'],
  [new RegExp(`(TO|FROM) ROLE ${NAME}`, 'g'), '$1 $2'],
  [new RegExp(`ALTER USER ${NAME} SYSLOG ACCESS (\\w+)`, 'g'), (_, user, value) => setLimit(user, 'SYSLOG ACCESS', value)],
  [new RegExp(`ALTER USER ${NAME} SESSION TIMEOUT (\\d+)`, 'g'), (_, user, value) => setLimit(user, 'SESSION TIMEOUT', value)],
  [new RegExp(`ALTER USER ${NAME} RESET SESSION TIMEOUT`, 'g'), (_, user) => setLimit(user, 'SESSION TIMEOUT', '0')],
  [
    new RegExp(`^GRANT USAGE ON DATABASE ${NAME} TO ${NAME}$`),
    (_, database, user) => `INSERT INTO redshift.shares VALUES (${literal(database)}, ${literal(user)})`,
  ],
  [new RegExp(`^REVOKE USAGE ON DATABASE ${NAME} FROM ${NAME}$`),
    (_, database, user) =>
      `DELETE FROM redshift.shares WHERE database_name = ${literal(database)} AND username = ${literal(user)}`],
];

export function translated(sql: string): string {
  return TRANSLATIONS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement as string), sql);
}
