import { quoteIdentifier } from './quoting';
import { RotationError } from '../core/rotation-error';

/** One row of the server's, or a database's, table of permissions. */
export interface PermissionRow {
  /** What kind of thing the permission is on, as the catalogue numbers it. */
  readonly class: number;
  /** Granted, granted with the right to pass it on, denied; or revoked from a column of what is granted. */
  readonly state: string;
  readonly permission: string;
  /** Of a principal: its kind, as statements name it. */
  readonly kind: string | null;
  readonly schema: string | null;
  readonly name: string | null;
  readonly column: string | null;
}

/** Things that a permission may be on, as statements name them. */
const SECURABLES: Readonly<Record<number, string>> = {
  1: 'OBJECT',
  3: 'SCHEMA',
  5: 'ASSEMBLY',
  6: 'TYPE',
  10: 'XML SCHEMA COLLECTION',
  15: 'MESSAGE TYPE',
  16: 'CONTRACT',
  17: 'SERVICE',
  18: 'REMOTE SERVICE BINDING',
  19: 'ROUTE',
  23: 'FULLTEXT CATALOG',
  24: 'SYMMETRIC KEY',
  25: 'CERTIFICATE',
  26: 'ASYMMETRIC KEY',
  105: 'ENDPOINT',
};
const WHOLE_DATABASE = 0;
const WHOLE_SERVER = 100;
const IN_SCHEMAS: readonly number[] = [1, 6, 10];
const PRINCIPALS: readonly number[] = [4, 101];
/** The stronger one last, where several users have given the same permission. */
const STATES = ['G', 'W', 'D'];
const WORDS = /^[A-Z]+( [A-Z]+)*$/;

/** A permission as statements name it, and what it is to be. */
interface Permission {
  readonly what: string;
  readonly state: string;
}

/**
 * The statements that give a user exactly the permissions that another one has.
 *
 * @param wanted rows of the one
 * @param present rows of the other, whom the statements are about
 */
export function permissionChanges(
  wanted: readonly PermissionRow[],
  present: readonly PermissionRow[],
  username: string,
): string[] {
  const [after, before] = [permissionsOf(wanted), permissionsOf(present)];
  const user = quoteIdentifier(username);
  const lost = [...before.keys()].filter((key) => !after.has(key)).map((key) => `REVOKE ${key} FROM ${user} CASCADE`);
  const changed = [...after].filter(([key, state]) => before.get(key) !== state).map(([key, state]) => {
    if (state === 'D') {
      return `DENY ${key} TO ${user} CASCADE`;
    }
    return state === 'G' && before.get(key) === 'W'
      ? `REVOKE GRANT OPTION FOR ${key} FROM ${user} CASCADE`
      : `GRANT ${key} TO ${user}${state === 'W' ? ' WITH GRANT OPTION' : ''}`;
  });
  return [...lost, ...changed];
}

/** The statements that make a user a member of exactly the roles that another one is a member of. */
export function roleChanges(
  word: 'ROLE' | 'SERVER ROLE',
  wanted: readonly string[],
  present: readonly string[],
  username: string,
): string[] {
  const change = (verb: string, roles: readonly string[]): string[] =>
    roles.map((role) => `ALTER ${word} ${quoteIdentifier(role)} ${verb} MEMBER ${quoteIdentifier(username)}`);
  return [
    ...change(
      'DROP',
      present.filter((role) => !wanted.includes(role)),
    ),
    ...change(
      'ADD',
      wanted.filter((role) => !present.includes(role)),
    ),
  ];
}

/** States by what the permission is. */
function permissionsOf(rows: readonly PermissionRow[]): Map<string, string> {
  const permissions = new Map<string, string>();
  for (const { what, state } of rows.map(parse)) {
    if (STATES.indexOf(state) > STATES.indexOf(permissions.get(what) ?? '')) {
      permissions.set(what, state);
    }
  }
  return permissions;
}

function parse(row: PermissionRow): Permission {
  const state = row.state.trim();
  if (state === 'R') {
    throw new RotationError('configuration', 'the user has a permission on an object without some of its columns, which cannot '
      + 'be copied: grant it on the columns instead');
  }
  if (!STATES.includes(state) || !WORDS.test(row.permission)) {
    throw new RotationError('protocol', 'the server describes a permission in a form that this function does not know');
  }
  return { what: `${row.permission}${securableOf(row)}`, state };
}

function securableOf({ class: kind, kind: principal, schema, name, column }: PermissionRow): string {
  if (kind === WHOLE_DATABASE || kind === WHOLE_SERVER) {
    return '';
  }
  const word = PRINCIPALS.includes(kind) ? principal : SECURABLES[kind];
  if (!word || name === null || (IN_SCHEMAS.includes(kind) && schema === null)) {
    throw new RotationError('configuration', `the user has a permission on something that is not copied (class ${kind}), or that `
      + 'the superuser does not see: rotate it as a single user');
  }
  const path = IN_SCHEMAS.includes(kind) ? `${quoteIdentifier(schema!)}.${quoteIdentifier(name)}` : quoteIdentifier(name);
  return ` ON ${word}::${path}${column === null ? '' : ` (${quoteIdentifier(column)})`}`;
}
