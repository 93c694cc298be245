import { SHARED_ON_TABLES } from './owned-objects';
import type { RedshiftConnection } from './redshift-connection';
import { isGrantable, word } from './right';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

/** What somebody may do with objects that a user will make. */
export interface DefaultRight {
  readonly owner: string;
  /** Absent for all schemas. */
  readonly schema: string | null;
  readonly objectType: string;
  readonly privilege: string;
  readonly grantee: string;
  /** `user`, `role`, `group` or `public`. */
  readonly granteeType: string;
  readonly option: boolean;
}

const ROWS = `SELECT owner_name AS owner, schema_name AS schema, object_type AS "objectType", privilege_type AS privilege,
  grantee_name AS grantee, grantee_type AS "granteeType", admin_option AS option
  FROM svv_default_privileges WHERE owner_name IN ($1, $2) OR (grantee_type = 'user' AND grantee_name IN ($1, $2))`;

export async function defaultRightsOf(connection: RedshiftConnection, base: string, alternate: string): Promise<DefaultRight[]> {
  const rows = await connection.rows<DefaultRight>(ROWS, [base, alternate]);
  return rows.filter(
    ({ privilege, owner, grantee, granteeType }) => isGrantable(privilege) && !(granteeType === 'user' && owner === grantee),
  );
}

/**
 * Statements after which the alternate user gets the same default rights as the base, grants the same ones, and each may use the
 * tables that the other will make.
 */
export function defaultRightChanges(rights: readonly DefaultRight[], base: string, alternate: string): string[] {
  const [former, wanted] = [
    byKey(rights.filter((right) => concerns(right, alternate))),
    byKey(wantedRights(rights, base, alternate)),
  ];
  return [
    ...[...former].filter(([key]) => !wanted.has(key)).map(([, right]) => change(right, 'REVOKE')),
    ...[...wanted].filter(([key]) => !former.has(key)).map(([, right]) => change(right, 'GRANT')),
  ];
}

function wantedRights(rights: readonly DefaultRight[], base: string, alternate: string): DefaultRight[] {
  const between = (right: DefaultRight): boolean => concerns(right, base) && concerns(right, alternate);
  const others = rights.filter((right) => concerns(right, base) && !between(right));
  return [
    ...others.map((right) => right.owner === base ? { ...right, owner: alternate } : { ...right, grantee: alternate }),
    ...[[base, alternate], [alternate, base]].flatMap(([owner, grantee]) => SHARED_ON_TABLES.map((privilege) => (
      { owner, grantee, privilege, schema: null, objectType: 'RELATION', granteeType: 'user', option: false }))),
  ];
}

function concerns({ owner, grantee, granteeType }: DefaultRight, username: string): boolean {
  return owner === username || (granteeType === 'user' && grantee === username);
}

function change(
  { owner, schema, objectType, privilege, grantee, granteeType, option }: DefaultRight,
  verb: 'GRANT' | 'REVOKE',
): string {
  const objects = objectType === 'RELATION' ? 'TABLES' : `${word(objectType)}S`;
  const kind = granteeType === 'user' ? '' : `${word(granteeType)} `;
  const whom = granteeType === 'public' ? 'PUBLIC' : `${kind}${quoteIdentifier(grantee)}`;
  return `ALTER DEFAULT PRIVILEGES FOR USER ${quoteIdentifier(owner)}${schema ? ` IN SCHEMA ${quoteIdentifier(schema)}` : ''} `
    + `${verb} ${word(privilege)} ON ${objects}`
    + (verb === 'GRANT' ? ` TO ${whom}${option ? ' WITH GRANT OPTION' : ''}` : ` FROM ${whom}`);
}

function byKey(rights: readonly DefaultRight[]): Map<string, DefaultRight> {
  return new Map(rights.map((right) => [JSON.stringify([
    right.owner, right.schema || null, right.objectType, right.privilege, right.granteeType, right.grantee, right.option,
  ]), right]));
}
