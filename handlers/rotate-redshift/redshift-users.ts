import type { RedshiftConnection } from './redshift-connection';
import type { UserLimits } from './user-limits';
import { REDSHIFT_SUPERUSER_ROLE } from '../../src/contract/administrator-roles';
import { RotationError } from '../core/rotation-error';

export interface GrantedRole {
  readonly role: string;
  readonly option: boolean;
}

/** What the catalogue says of a user. */
export interface RedshiftUser extends UserLimits {
  /** Is a superuser, or has a role that makes it one. */
  readonly superuser: boolean;
  /** Whether its password has stopped working by date. */
  readonly expired: boolean;
  /** Whether it comes from an identity provider, which has its password. */
  readonly external: boolean;
  readonly groups: readonly string[];
  readonly roles: readonly GrantedRole[];
}

/** The users in it were made by this function: only superusers put users into groups. */
export const ALTERNATES_GROUP = 'cdk_secretsmanager_patterns_clones';


const USER = `SELECT i.superuser, i.createdb AS "createDatabases", i.connection_limit AS "connectionLimit", i.syslog_access AS "syslogAccess",
  i.session_timeout AS "sessionTimeout", u.useconfig AS settings, COALESCE(u.valuntil < now(), false) AS expired,
  CASE WHEN u.valuntil IS NULL OR u.valuntil = 'infinity' THEN NULL
    ELSE to_char(u.valuntil::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') END AS "validUntil",
  COALESCE(i.external_user_id, '') <> '' AS external
  FROM svv_user_info i JOIN pg_user u ON u.usename = i.user_name WHERE i.user_name = $1`;
const GROUPS = 'SELECT g.groname AS name FROM pg_group g, pg_user u WHERE u.usename = $1 AND u.usesysid = ANY (g.grolist)';
const ROLES = 'SELECT role_name AS role, admin_option AS option FROM svv_user_grants WHERE user_name = $1';
const ROLES_OF_ROLES = 'SELECT role_name AS role, granted_role_name AS granted FROM svv_role_grants';

export async function findUser(connection: RedshiftConnection, username: string): Promise<RedshiftUser | undefined> {
  const [user] = await connection.rows<RedshiftUser>(USER, [username]);
  if (!user) {
    return undefined;
  }
  const groups = await connection.rows<{ name: string }>(GROUPS, [username]);
  const roles = await connection.rows<GrantedRole>(ROLES, [username]);
  const nested = await connection.rows<{ role: string; granted: string }>(ROLES_OF_ROLES);
  return {
    ...user,
    superuser: user.superuser || reaches(roles.map(({ role }) => role), nested),
    groups: groups.map(({ name }) => name),
    roles,
  };
}

/** Throws for a superuser: control of its password is control of the cluster. */
export function checkOrdinary(user: RedshiftUser): void {
  if (user.superuser) {
    throw new RotationError('configuration', 'the user is a superuser of the cluster: only its own secret may rotate it');
  }
}

/** Throws for roles with which a new user would be a superuser: nobody but itself could rotate it any more. */
export async function checkRoles(connection: RedshiftConnection, roles: readonly string[] = []): Promise<void> {
  if (roles.length > 0 && reaches(roles, await connection.rows(ROLES_OF_ROLES))) {
    throw new RotationError('configuration', 'a role of the user to be created makes it a superuser of the cluster, '
      + 'whose secret only the user itself may rotate: leave the role out');
  }
}

/** Throws unless this function has made the user: somebody else's user is not taken over. */
export function checkAlternate(user: RedshiftUser): void {
  checkOrdinary(user);
  if (!user.groups.includes(ALTERNATES_GROUP)) {
    throw new RotationError('conflict', 'the alternate user exists and is not one that this function made, for it is not in the '
      + `group ${ALTERNATES_GROUP}: drop or rename it`);
  }
}

export async function groupExists(connection: RedshiftConnection, name: string): Promise<boolean> {
  const rows = await connection.rows('SELECT groname FROM pg_group WHERE groname = $1', [name]);
  return rows.length > 0;
}

function reaches(roles: readonly string[], nested: readonly { role: string; granted: string }[]): boolean {
  const seen = new Set(roles);
  for (const role of seen) {
    nested.filter((grant) => grant.role === role).forEach(({ granted }) => seen.add(granted));
  }
  return seen.has(REDSHIFT_SUPERUSER_ROLE);
}
