import type { PostgresqlConnection } from './postgresql-connection';
import { rolesOf, type UserLimits } from './role-settings';
import { RotationError } from '../core/rotation-error';

/** What the catalogue says of a user. */
export interface PostgresqlUser extends UserLimits {
  /** Is a superuser, or may become one as a member of one. */
  readonly superuser: boolean;
  /** May create users or databases, replicate, or pass by row security. */
  readonly privileged: boolean;
  readonly memberOf: readonly string[];
  readonly owned: number;
  readonly canLogin: boolean;
  /** Whether its password has expired. */
  readonly expired: boolean;
  /** Whether it is a member of `rds_iam`, directly or not: Amazon RDS then takes tokens of IAM and no password. */
  readonly usesIam: boolean;
  /** What the database that it connects to is like for it; `null` where there is none of that name. */
  readonly database: { readonly isOpen: boolean; readonly mayConnect: boolean } | null;
}

const FIND = `SELECT u.rolname AS username, EXISTS (
    SELECT FROM pg_roles s WHERE (s.rolsuper OR s.rolname = 'rds_superuser') AND pg_has_role(u.oid, s.oid, 'MEMBER')) AS superuser,
  u.rolcreaterole OR u.rolcreatedb OR u.rolreplication OR u.rolbypassrls AS privileged,
  ARRAY(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = u.oid) AS "memberOf",
  COALESCE((SELECT json_agg(json_build_array(d.datname, s.setconfig)) FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = s.setdatabase
    WHERE s.setrole = u.oid), '[]') AS settings,
  COALESCE(u.rolvaliduntil, 'infinity')::text AS "validUntil", u.rolconnlimit AS "connectionLimit",
  (SELECT count(*)::int FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = u.oid AND deptype = 'o') AS owned,
  u.rolcanlogin AS "canLogin", COALESCE(u.rolvaliduntil <= now(), false) AS expired,
  EXISTS (SELECT FROM pg_roles i WHERE i.rolname = 'rds_iam' AND pg_has_role(u.oid, i.oid, 'MEMBER')) AS "usesIam",
  (SELECT json_build_object('isOpen', d.datallowconn, 'mayConnect', has_database_privilege(u.oid, d.oid, 'CONNECT'))
    FROM pg_database d WHERE d.datname = $2) AS database
  FROM pg_roles u WHERE u.rolname = ANY ($1::name[])`;

/** Encodings of databases that keep the bytes of a name as they come. */
const AS_SENT: readonly string[] = ['UTF8', 'SQL_ASCII'];
const ASCII = /^[\0-\x7f]*$/;

/**
 * Each of several users, in their order; `undefined` for one that does not exist.
 *
 * @param databaseName the database that they connect to
 */
export async function findUsers(
  connection: PostgresqlConnection,
  usernames: readonly string[],
  databaseName: string,
): Promise<(PostgresqlUser | undefined)[]> {
  const users = await connection.rows<PostgresqlUser & { username: string }>(FIND, [usernames, databaseName]);
  return usernames.map((name) => users.find(({ username }) => username === name));
}

/** Throws for a name that the database stores in other bytes than those with which this function, and most clients, sign in. */
export function checkBytes(username: string, charset: string): void {
  if (!AS_SENT.includes(charset) && !ASCII.test(username)) {
    throw new RotationError('configuration', `the encoding of the database is ${charset}, in which the name of the user is `
      + 'stored otherwise than logins send it: give the deployment a database in UTF8 (databaseName), or choose an ASCII name');
  }
}

/** Throws for a superuser: control of its password is control of the server. */
export function checkOrdinary(user: PostgresqlUser): void {
  if (user.superuser) {
    throw new RotationError('configuration', 'the user is a superuser of the server: only its own secret may rotate it');
  }
}

/** Throws where an alternate user, whose sessions act as its base, would have other rights than the base has. */
export function checkBase(base: PostgresqlUser): void {
  checkOrdinary(base);
  if (rolesOf(base.settings).length > 0) {
    throw new RotationError('configuration', 'the sessions of the user act as another role (its setting "role"), '
      + 'which an alternate user cannot: rotate it as a single user');
  }
}

/** Throws unless the user is what this function would have made: somebody else's user is not taken over. */
export function checkAlternate(user: PostgresqlUser, base: string): void {
  checkOrdinary(user);
  const roles = rolesOf(user.settings);
  const reasons = [
    user.privileged ? ['it has attributes of its own'] : [],
    user.memberOf.length === 1 && user.memberOf[0] === base ? [] : ['it is not a member of exactly its base'],
    roles.length === 1 && roles[0].database === null && roles[0].value === base
      ? []
      : ['its setting "role" is not its base, for all databases'],
    user.owned === 0 ? [] : ['it owns objects'],
  ].flat();
  if (reasons.length > 0) {
    throw new RotationError(
      'conflict',
      `the alternate user exists and is not one that this function made: ${reasons.join(', ')}; drop or rename it`,
    );
  }
}
