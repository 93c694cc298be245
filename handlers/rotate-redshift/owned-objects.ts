import type { RedshiftConnection } from './redshift-connection';
import type { Right } from './right';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

/** What both users may do with tables of either: what Amazon Redshift has always had. */
export const SHARED_ON_TABLES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES'] as const;
const SHARED_ON_SCHEMAS = ['USAGE', 'CREATE'];

const SCHEMAS = `SELECT n.nspname AS schema FROM pg_namespace n JOIN pg_user u ON u.usesysid = n.nspowner
  WHERE u.usename = $1 AND n.nspname NOT LIKE 'pg_temp%'`;
const RELATIONS = `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_user u ON u.usesysid = c.relowner WHERE u.usename = $1 AND c.relkind IN ('r', 'v', 'm') AND n.nspname NOT LIKE 'pg_temp%'`;

/** The rights that make a user's schemas, tables and views usable by another one. */
export async function rightsOnObjectsOf(connection: RedshiftConnection, owner: string): Promise<Right[]> {
  const schemas = await connection.rows<{ schema: string }>(SCHEMAS, [owner]);
  const relations = await connection.rows<{ schema: string; name: string }>(RELATIONS, [owner]);
  return [
    ...schemas.flatMap(({ schema }) =>
      SHARED_ON_SCHEMAS.map((privilege) => ({ privilege, on: `ON SCHEMA ${quoteIdentifier(schema)}`, withGrantOption: false })),
    ),
    ...relations.flatMap(({ schema, name }) => SHARED_ON_TABLES.map((privilege) => (
      { privilege, on: `ON TABLE ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, withGrantOption: false }))),
  ];
}

/** Rights without those on certain objects. */
export function without(rights: readonly Right[], objects: readonly Right[]): Right[] {
  const excluded = new Set(objects.map(({ on }) => on));
  return rights.filter(({ on }) => !excluded.has(on));
}
