import type { RedshiftConnection } from './redshift-connection';
import { isGrantable, type Right, types, word } from './right';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

interface Row {
  readonly schema: string;
  readonly name: string;
  readonly detail: string;
  readonly privilege: string;
  readonly option: boolean;
  readonly scope: string;
}

interface RightKind {
  readonly rows: string;
  on(row: Row): string;
  privilege?(row: Row): string;
}

const qualified = ({ schema, name }: Row): string => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
const OF_USER = "WHERE identity_type = 'user' AND identity_name = $1";

/** What exists on Amazon Redshift only: the views of rights that are given to a user directly, in the database of the session. */
const KINDS: readonly RightKind[] = [
  {
    rows: 'SELECT database_name AS name, privilege_type AS privilege, admin_option AS option, privilege_scope AS scope FROM '
      + `svv_database_privileges ${OF_USER}`,
    on: ({ name, scope }) =>
      scope === 'DATABASE' ? `ON DATABASE ${quoteIdentifier(name)}` : `FOR ${word(scope)} IN DATABASE ${quoteIdentifier(name)}`,
  },
  {
    rows: 'SELECT namespace_name AS name, privilege_type AS privilege, admin_option AS option, privilege_scope AS scope FROM '
      + `svv_schema_privileges ${OF_USER}`,
    on: ({ name, scope }) =>
      scope === 'SCHEMA' ? `ON SCHEMA ${quoteIdentifier(name)}` : `FOR ${word(scope)} IN SCHEMA ${quoteIdentifier(name)}`,
  },
  {
    rows: 'SELECT namespace_name AS schema, relation_name AS name, privilege_type AS privilege, admin_option AS option FROM '
      + `svv_relation_privileges ${OF_USER}`,
    on: (row) => `ON TABLE ${qualified(row)}`,
  },
  {
    rows: 'SELECT namespace_name AS schema, relation_name AS name, column_name AS detail, privilege_type AS privilege FROM '
      + `svv_column_privileges ${OF_USER}`,
    on: (row) => `ON TABLE ${qualified(row)}`,
    privilege: ({ privilege, detail }) => `${word(privilege)} (${quoteIdentifier(detail)})`,
  },
  {
    rows: `SELECT namespace_name AS schema, function_name AS name, argument_types AS detail, privilege_type AS privilege, admin_option AS option,
      CASE WHEN EXISTS (SELECT 1 FROM pg_proc_info p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = namespace_name AND p.proname = function_name AND p.prokind = 'p') THEN 'PROCEDURE' ELSE 'FUNCTION' END AS scope
      FROM svv_function_privileges ${OF_USER}`,
    on: (row) => `ON ${row.scope} ${qualified(row)}(${types(row.detail)})`,
  },
  {
    rows: 'SELECT language_name AS name, privilege_type AS privilege, admin_option AS option FROM svv_language_privileges '
      + `${OF_USER}`,
    on: ({ name }) => `ON LANGUAGE ${quoteIdentifier(name)}`,
  },
];

/** The rights of the user itself: not those of a role, a group or an owner. */
export async function rightsOf(connection: RedshiftConnection, username: string): Promise<Right[]> {
  const rights: Right[] = [];
  for (const { rows, on, privilege = ({ privilege: text }: Row) => word(text) } of KINDS) {
    const found = await connection.rows<Row>(rows, [username]);
    rights.push(...found.filter((row) => isGrantable(row.privilege)).map((row) => ({
      privilege: privilege(row),
      on: on(row),
      withGrantOption: row.option === true,
      ...isShared(row) ? { alone: true } : {},
    })));
  }
  return rights;
}

/** Only a database that another cluster shares has this privilege. */
function isShared({ privilege, scope }: Row): boolean {
  return privilege === 'USAGE' && scope === 'DATABASE';
}
