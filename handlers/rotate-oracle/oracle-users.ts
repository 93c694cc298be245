import type { OracleStatements } from './oracle-statements';
import { RotationError } from '../core/rotation-error';

/** What the catalogue says of a user. */
export interface OracleUser {
  readonly username: string;
  /** `Y` for users that Oracle's own scripts made. */
  readonly maintained: string;
  /** `PASSWORD`, or what the user signs in with instead. */
  readonly authentication: string;
  readonly tablespace: string;
  readonly temporaryTablespace: string;
  readonly profile: string;
  /** How many objects it owns, synonyms apart. */
  readonly objects: number;
  /** How many users may connect as it, through themselves. */
  readonly proxies: number;
}

/** Names are given with their owner throughout: a user's own objects never shadow the catalogue's. */
const FIND = `SELECT u.username AS "username", u.oracle_maintained AS "maintained", u.authentication_type AS "authentication",
  u.default_tablespace AS "tablespace", u.temporary_tablespace AS "temporaryTablespace", u.profile AS "profile",
  (SELECT COUNT(*) FROM sys.dba_objects o WHERE o.owner = :name AND o.object_type <> 'SYNONYM') AS "objects",
  (SELECT COUNT(*) FROM sys.dba_proxies p WHERE p.client = :name) AS "proxies"
  FROM sys.dba_users u WHERE u.username = :name`;

/** Roles, system privileges and entries in the password file with which a user may change others, its own or by a role. */
const ADMINISTERS = `WITH granted AS (
    SELECT CAST(:name AS VARCHAR2(128)) AS name FROM sys.dual
    UNION SELECT granted_role FROM sys.dba_role_privs START WITH grantee = :name CONNECT BY NOCYCLE grantee = PRIOR granted_role)
  SELECT COUNT(*) AS "found" FROM (
    SELECT name FROM granted WHERE name IN ('DBA', 'CDB_DBA', 'PDB_DBA', 'IMP_FULL_DATABASE', 'DATAPUMP_IMP_FULL_DATABASE', 'RDS_MASTER_ROLE')
    UNION ALL SELECT p.grantee FROM sys.dba_sys_privs p JOIN granted g ON g.name = p.grantee
      WHERE p.privilege IN ('ALTER USER', 'CREATE USER', 'DROP USER', 'BECOME USER', 'GRANT ANY PRIVILEGE', 'GRANT ANY ROLE', 'GRANT ANY OBJECT PRIVILEGE')
    UNION ALL SELECT f.username FROM sys.v_$pwfile_users f WHERE f.username = :name)`;

const OF_ORACLE = 'Y';

/** A user that the superuser may change, if it exists. Throws for one that belongs to Oracle, or that may change others. */
export async function findOrdinary(statements: OracleStatements, name: string): Promise<OracleUser | undefined> {
  const [user] = await statements.rows<OracleUser>(FIND, { name });
  if (!user) {
    return undefined;
  }
  if (user.maintained === OF_ORACLE) {
    throw new RotationError('configuration', 'the user belongs to Oracle itself: it is not rotated');
  }
  if (await administers(statements, name)) {
    throw new RotationError('configuration', 'the user is an administrator of the database: only its own secret may rotate it');
  }
  if (user.authentication !== 'PASSWORD') {
    throw new RotationError('configuration', 'the user does not sign in with a password of the database');
  }
  return user;
}

/** Throws for a role by which a user could change others. */
export async function checkOrdinaryRoles(statements: OracleStatements, roles: readonly string[]): Promise<void> {
  for (const name of roles) {
    if (await administers(statements, name)) {
      throw new RotationError('configuration', 'one of the roles that the user would be created with makes it an administrator');
    }
  }
}

/** Throws where an alternate user would not find what the base finds: objects of one user are not those of another. */
export function checkBase({ objects }: OracleUser): void {
  if (objects > 0) {
    throw new RotationError(
      'configuration',
      'the user owns objects, which an alternate user would not: rotate it as a single user, '
        + 'or give applications a user that has rights on the objects and synonyms for them',
    );
  }
}

async function administers(statements: OracleStatements, name: string): Promise<boolean> {
  const [{ found }] = await statements.rows<{ found: number }>(ADMINISTERS, { name });
  return found > 0;
}

/** What tells that an existing alternate user is not one that this function made, besides its rights. */
export function foreignTraits({ objects, proxies }: OracleUser): string[] {
  return [
    objects > 0 ? ['it owns objects'] : [],
    proxies > 0 ? ['others may connect as it'] : [],
  ].flat();
}
