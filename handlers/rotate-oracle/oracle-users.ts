import type { OracleStatements } from './oracle-statements';
import { ORACLE_ADMINISTRATOR_ROLES } from '../../src/contract/administrator-roles';
import { RotationError } from '../core/rotation-error';
import { onlyRow } from '../database/only-row';

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
  /** How many users it may connect as, through itself. */
  readonly clients: number;
  /** `OPEN`, or what is in its way, such as `EXPIRED & LOCKED(TIMED)`. */
  readonly status: string;
  /** `Y` for a user that only others may connect as. */
  readonly proxyOnly: string | null;
  readonly consumerGroup: string | null;
}

/** Names are given with their owner throughout: a user's own objects never shadow the catalogue's. */
const FIND = `SELECT u.username AS "username", u.oracle_maintained AS "maintained", u.authentication_type AS "authentication",
  u.default_tablespace AS "tablespace", u.temporary_tablespace AS "temporaryTablespace", u.profile AS "profile",
  u.account_status AS "status", u.proxy_only_connect AS "proxyOnly", u.initial_rsrc_consumer_group AS "consumerGroup",
  (SELECT COUNT(*) FROM sys.dba_objects o WHERE o.owner = :name AND o.object_type <> 'SYNONYM') AS "objects",
  (SELECT COUNT(*) FROM sys.dba_proxies p WHERE p.client = :name) AS "proxies",
  (SELECT COUNT(*) FROM sys.dba_proxies p WHERE p.proxy = :name) AS "clients"
  FROM sys.dba_users u WHERE u.username = :name`;

/** Roles, system privileges and entries in the password file with which a user may change others, its own or by a role. */
const ADMINISTERS = `WITH granted AS (
    SELECT CAST(:name AS VARCHAR2(128)) AS name FROM sys.dual
    UNION SELECT granted_role FROM sys.dba_role_privs START WITH grantee = :name CONNECT BY NOCYCLE grantee = PRIOR granted_role)
  SELECT COUNT(*) AS "found" FROM (
    SELECT name FROM granted WHERE name IN (${ORACLE_ADMINISTRATOR_ROLES.map((role) => `'${role}'`).join(', ')})
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
    throw new RotationError('configuration',
      'the user does not sign in with a password of the database: ALTER USER … IDENTIFIED BY …, or rotate another one');
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

async function administers(statements: OracleStatements, name: string): Promise<boolean> {
  const { found } = onlyRow(await statements.rows<{ found: number }>(ADMINISTERS, { name }));
  return found > 0;
}
