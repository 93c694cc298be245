import type { PostgresqlConnection } from './postgresql-connection';
import { RotationError } from '../shared/rotation-error';

/** What the catalogue says of a user. */
export interface PostgresqlUser {
  readonly superuser: boolean;
  /** May create users or databases, replicate, or pass by row security. */
  readonly privileged: boolean;
  readonly memberOf: readonly string[];
  /** Settings for all databases, `name=value`. */
  readonly settings: readonly string[];
  readonly settingsOfDatabases: number;
  readonly owned: number;
}

const FIND = `SELECT u.rolsuper OR EXISTS (
    SELECT FROM pg_roles s WHERE s.rolname = 'rds_superuser' AND pg_has_role(u.oid, s.oid, 'MEMBER')) AS superuser,
  u.rolcreaterole OR u.rolcreatedb OR u.rolreplication OR u.rolbypassrls AS privileged,
  ARRAY(SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = u.oid) AS "memberOf",
  COALESCE((SELECT setconfig FROM pg_db_role_setting WHERE setrole = u.oid AND setdatabase = 0), '{}') AS settings,
  (SELECT count(*)::int FROM pg_db_role_setting WHERE setrole = u.oid AND setdatabase <> 0) AS "settingsOfDatabases",
  (SELECT count(*)::int FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = u.oid AND deptype = 'o') AS owned
  FROM pg_roles u WHERE u.rolname = $1`;

export async function findUser(connection: PostgresqlConnection, username: string): Promise<PostgresqlUser | undefined> {
  const [user] = await connection.rows<PostgresqlUser>(FIND, [username]);
  return user;
}

/** Throws for a superuser: whoever could change its password would have the server. */
export function checkOrdinary(user: PostgresqlUser): void {
  if (user.superuser) {
    throw new RotationError('configuration', 'the user is a superuser of the server: only its own secret may rotate it');
  }
}

/** Throws unless the user is what this function would have made: somebody else's user is not taken over. */
export function checkClone(user: PostgresqlUser, base: string): void {
  checkOrdinary(user);
  const reasons = [
    user.privileged ? ['it has attributes of its own'] : [],
    user.memberOf.length === 1 && user.memberOf[0] === base ? [] : ['it is not a member of exactly its base'],
    user.settings.length === 1 && user.settings[0] === `role=${base}` && user.settingsOfDatabases === 0 ? [] : ['its one setting is not "role" with its base'],
    user.owned === 0 ? [] : ['it owns objects'],
  ].flat();
  if (reasons.length > 0) {
    throw new RotationError('conflict', `the alternate user exists and is not one that this function made: ${reasons.join(', ')}; drop or rename it`);
  }
}
