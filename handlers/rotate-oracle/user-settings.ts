import { quoteIdentifier } from './oracle-name';
import type { OracleStatements } from './oracle-statements';
import type { OracleUser } from './oracle-users';

/** What a user has besides rights. */
export interface UserSettings {
  /** Roles that a session begins with. */
  readonly defaultRoles: readonly string[];
  readonly quotas: readonly Quota[];
  readonly synonyms: readonly Synonym[];
}

interface Quota {
  readonly tablespace: string;
  /** `-1` for no limit. A text: it may be more than a number holds. */
  readonly bytes: string;
}

interface Synonym {
  readonly name: string;
  /** Null where the other side of the link decides. */
  readonly owner: string | null;
  readonly target: string;
  readonly link: string | null;
}

const DEFAULT_ROLES =
  'SELECT granted_role AS "role" FROM sys.dba_role_privs WHERE grantee = :name AND default_role = \'YES\' ORDER BY granted_role';
const QUOTAS = 'SELECT tablespace_name AS "tablespace", TO_CHAR(max_bytes) AS "bytes" FROM sys.dba_ts_quotas '
  + "WHERE username = :name AND dropped = 'NO' AND max_bytes <> 0";
const SYNONYMS = 'SELECT synonym_name AS "name", table_owner AS "owner", table_name AS "target", db_link AS "link" FROM '
  + 'sys.dba_synonyms WHERE owner = :name';

export async function readSettings(statements: OracleStatements, name: string): Promise<UserSettings> {
  const roles = await statements.rows<{ role: string }>(DEFAULT_ROLES, { name });
  const quotas = await statements.rows<Quota>(QUOTAS, { name });
  const synonyms = await statements.rows<Synonym>(SYNONYMS, { name });
  return { defaultRoles: [...new Set(roles.map(({ role }) => role))], quotas, synonyms };
}

/** Tablespaces and profile, as clauses of CREATE USER and ALTER USER. */
export function placeOf({ tablespace, temporaryTablespace, profile }: OracleUser): string {
  return `DEFAULT TABLESPACE ${quoteIdentifier(tablespace)} TEMPORARY TABLESPACE ${quoteIdentifier(temporaryTablespace)} PROFILE `
    + `${quoteIdentifier(profile)}`;
}

/** The statements that make the settings of a user those of another: nothing for what is the same already. */
export function settingChanges(name: string, former: UserSettings, wanted: UserSettings): string[] {
  const user = quoteIdentifier(name);
  return [
    ...quotaChanges(former.quotas, wanted.quotas).map((quota) => `ALTER USER ${user} ${quota}`),
    ...(same(former.defaultRoles, wanted.defaultRoles)
      ? []
      : [`ALTER USER ${user} DEFAULT ROLE ${wanted.defaultRoles.map(quoteIdentifier).join(', ') || 'NONE'}`]),
    ...difference(former.synonyms.map(creation(user)), wanted.synonyms.map(creation(user))),
    ...former.synonyms.filter(({ name: synonym }) => !wanted.synonyms.some((other) => other.name === synonym))
      .map((synonym) => `DROP SYNONYM ${user}.${quoteIdentifier(synonym.name)}`),
  ];
}

function quotaChanges(former: readonly Quota[], wanted: readonly Quota[]): string[] {
  const lost = former.filter(({ tablespace }) => !wanted.some((other) => other.tablespace === tablespace));
  return [
    ...difference(former.map(quotaOf), wanted.map(quotaOf)),
    ...lost.map(({ tablespace }) => quotaOf({ tablespace, bytes: '0' })),
  ];
}

function quotaOf({ tablespace, bytes }: Quota): string {
  return `QUOTA ${bytes === '-1' ? 'UNLIMITED' : String(BigInt(bytes))} ON ${quoteIdentifier(tablespace)}`;
}

function creation(user: string): (synonym: Synonym) => string {
  return ({ name, owner, target, link }) => `CREATE OR REPLACE SYNONYM ${user}.${quoteIdentifier(name)} FOR `
    + (owner === null ? '' : `${quoteIdentifier(owner)}.`) + quoteIdentifier(target)
    + (link === null ? '' : `@${quoteIdentifier(link)}`);
}

function difference(former: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((text) => !former.includes(text));
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text) => other.includes(text));
}
