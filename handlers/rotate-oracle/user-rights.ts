import { quoteIdentifier } from './oracle-name';
import type { OracleStatements } from './oracle-statements';
import { RotationError } from '../core/rotation-error';

/** Something that is granted: `what` is the text between GRANT and TO, options are words like ADMIN. */
export interface Right {
  readonly what: string;
  readonly options: readonly string[];
}

interface GrantedRow {
  readonly privilege: string;
  readonly option: string;
}
interface RoleRow {
  readonly role: string;
  readonly option: string;
}
interface ObjectRow extends GrantedRow {
  readonly owner: string;
  readonly name: string;
  /** `NO` for a column, which has no hierarchy. */
  readonly hierarchy: string;
  readonly type: string;
  /** Null where the right is on the whole object. */
  readonly column: string | null;
}

const SYSTEM = 'SELECT privilege AS "privilege", admin_option AS "option" FROM sys.dba_sys_privs WHERE grantee = :name';
const ROLES = 'SELECT granted_role AS "role", admin_option AS "option" FROM sys.dba_role_privs WHERE grantee = :name';
/** Without those on what is in the recycle bin, which cannot be granted. */
const OBJECTS = `SELECT privilege AS "privilege", grantable AS "option", owner AS "owner", table_name AS "name", hierarchy AS "hierarchy", type AS "type",
    NULL AS "column" FROM sys.dba_tab_privs WHERE grantee = :name AND table_name NOT LIKE 'BIN$%'
  UNION ALL SELECT privilege, grantable, owner, table_name, 'NO', 'TABLE', column_name FROM sys.dba_col_privs
    WHERE grantee = :name AND table_name NOT LIKE 'BIN$%'`;

const YES = 'YES';
/** What is granted by name alone, or after words that say what it is; anything else by owner and name. */
const KINDS: Readonly<Record<string, { words: string; owned: boolean }>> = {
  'DIRECTORY': { words: 'DIRECTORY ', owned: false },
  'EDITION': { words: 'EDITION ', owned: false },
  'USER': { words: 'USER ', owned: false },
  'JAVA RESOURCE': { words: 'JAVA RESOURCE ', owned: true },
  'JAVA SOURCE': { words: 'JAVA SOURCE ', owned: true },
  'MINING MODEL': { words: 'MINING MODEL ', owned: true },
  'SQL TRANSLATION PROFILE': { words: 'SQL TRANSLATION PROFILE ', owned: true },
};
/** Privileges are words, and cannot be quoted. */
const PRIVILEGE = /^[A-Z][A-Z0-9 _]*$/;

/** All that is granted to a user itself: system privileges, roles, rights on objects and on columns. */
export async function readRights(statements: OracleStatements, name: string): Promise<Right[]> {
  const system = await statements.rows<GrantedRow>(SYSTEM, { name });
  const roles = await statements.rows<RoleRow>(ROLES, { name });
  const objects = await statements.rows<ObjectRow>(OBJECTS, { name });
  return merged([
    ...system.map(({ privilege, option }) => ({ what: words(privilege), options: option === YES ? ['ADMIN'] : [] })),
    ...roles.map(({ role, option }) => ({ what: quoteIdentifier(role), options: option === YES ? ['ADMIN'] : [] })),
    ...objects.map((row) => ({
      what: onObject(row),
      options: [...row.hierarchy === YES ? ['HIERARCHY'] : [], ...row.option === YES ? ['GRANT'] : []],
    })),
  ]);
}

/** Those rights that the others lack, or have without an option. */
export function rightsBeyond(rights: readonly Right[], others: readonly Right[]): Right[] {
  const held = new Map(others.map((right) => [right.what, right.options]));
  return rights.filter(({ what, options }) => !options.every((option) => held.get(what)?.includes(option)) || !held.has(what));
}

export function grantStatement({ what, options }: Right, name: string): string {
  return `GRANT ${what} TO ${quoteIdentifier(name)}${options.map((option) => ` WITH ${option} OPTION`).join('')}`;
}

/** The same may be granted several times: by several users, or for one container and for all. */
function merged(rights: readonly Right[]): Right[] {
  const options = new Map<string, Set<string>>();
  for (const right of rights) {
    const known = options.get(right.what) ?? new Set();
    right.options.forEach((option) => known.add(option));
    options.set(right.what, known);
  }
  // The grammar wants HIERARCHY before GRANT.
  return [...options].map(([what, known]) => ({ what, options: [...known].sort().reverse() }));
}

function onObject({ privilege, owner, name, type, column }: ObjectRow): string {
  const { words: kind, owned } = KINDS[type] ?? { words: '', owned: true };
  const columns = column === null ? '' : ` (${quoteIdentifier(column)})`;
  return `${words(privilege)}${columns} ON ${kind}${owned ? `${quoteIdentifier(owner)}.` : ''}${quoteIdentifier(name)}`;
}

function words(privilege: string): string {
  if (!PRIVILEGE.test(privilege)) {
    throw new RotationError('configuration', 'the user has a privilege whose name this function does not know how to grant');
  }
  return privilege;
}
