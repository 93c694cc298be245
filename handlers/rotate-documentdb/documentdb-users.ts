import type { DocumentdbConnection } from './documentdb-connection';
import { RotationError } from '../core/rotation-error';

export interface DatabaseRole {
  readonly role: string;
  readonly db: string;
}

/** What the server says of a user. */
export interface DocumentdbUser {
  readonly roles: readonly DatabaseRole[];
  /** The methods by which it may sign in; Amazon DocumentDB does not tell. */
  readonly mechanisms: readonly string[];
}

interface Privilege {
  readonly actions: readonly string[];
}

/** What the server says of a user-defined role. */
interface RoleInfo extends DatabaseRole {
  /** Its own and those of the roles that are in it. */
  readonly inheritedPrivileges?: readonly Privilege[];
  readonly inheritedRoles?: readonly DatabaseRole[];
}

const ADMIN = 'admin';
/** Built-in roles with which their holder can become anybody; the second group only in the admin database. */
const ADMINISTRATORS: readonly string[] = ['root', '__system', 'userAdminAnyDatabase', 'restore'];
const ADMINISTRATORS_OF_ADMIN: readonly string[] = ['userAdmin', 'dbOwner'];
/** The same of user-defined roles. */
const ADMINISTRATIVE_ACTIONS: readonly string[] = [
  'anyAction', 'grantRole', 'createRole', 'createUser', 'changePassword', 'changeAnyPassword', 'internal',
];
const BUILT_IN: readonly string[] = [
  'read', 'readWrite', 'dbAdmin', 'dbOwner', 'userAdmin', 'clusterAdmin', 'clusterManager', 'clusterMonitor', 'hostManager',
  'backup', 'restore',
  'readAnyDatabase', 'readWriteAnyDatabase', 'userAdminAnyDatabase', 'dbAdminAnyDatabase', 'root', 'enableSharding',
];

export async function findUser(
  connection: DocumentdbConnection,
  username: string,
  database: string,
): Promise<DocumentdbUser | undefined> {
  const { users } = await connection.run({ usersInfo: { user: username, db: database } });
  const found: unknown = Array.isArray(users) ? users.find(({ user, db }) => user === username && db === database) : undefined;
  if (found === undefined) {
    return undefined;
  }
  const { roles, mechanisms } = found as { roles?: unknown; mechanisms?: unknown };
  if (!Array.isArray(roles) || !roles.every(isRole)) {
    throw new RotationError('protocol', 'the server does not say which roles a user has');
  }
  return { roles: roles.map(({ role, db }) => ({ role, db })), mechanisms: Array.isArray(mechanisms) ? mechanisms : [] };
}

/** Throws where roles would make a user an administrator: control of its password is control of the server. */
export async function checkOrdinary(connection: DocumentdbConnection, roles: readonly DatabaseRole[]): Promise<void> {
  const made = roles.filter(({ role }) => !BUILT_IN.includes(role));
  if (roles.some(administers) || (made.length > 0 && await giveAdministration(connection, made))) {
    throw new RotationError('configuration', 'the user is an administrator of the server: only its own secret may rotate it');
  }
}

/** Throws where the alternate user has a role that its base does not have: somebody else's user is not taken over. */
export function checkAlternate(alternate: DocumentdbUser, base: DocumentdbUser): void {
  const more = alternate.roles.filter((role) => !base.roles.some((other) => isSame(other, role)));
  if (more.length > 0) {
    throw new RotationError('conflict', 'the alternate user exists and is not one that this function made: '
      + 'it has roles that its base does not have; revoke them from it as well, or drop or rename it');
  }
}

/** `role@database`, or a role of the database that users belong to. */
export function parseRole(text: string, database: string): DatabaseRole {
  const at = text.lastIndexOf('@');
  return at < 0 ? { role: text, db: database } : { role: text.slice(0, at), db: text.slice(at + 1) };
}

function administers({ role, db }: DatabaseRole): boolean {
  return ADMINISTRATORS.includes(role) || (db === ADMIN && ADMINISTRATORS_OF_ADMIN.includes(role));
}

async function giveAdministration(connection: DocumentdbConnection, roles: readonly DatabaseRole[]): Promise<boolean> {
  const answer = await connection.run({ rolesInfo: roles, showPrivileges: true });
  const infos: readonly RoleInfo[] = Array.isArray(answer.roles) ? answer.roles : [];
  return roles.some((role) => {
    const { inheritedPrivileges, inheritedRoles } = infos.find((info) => isSame(info, role)) ?? {};
    if (!inheritedPrivileges || !inheritedRoles) {
      throw new RotationError('configuration', 'the server does not describe a role of the user, or there is no such role');
    }
    const actions = inheritedPrivileges.flatMap((privilege) => privilege.actions);
    return inheritedRoles.some(administers) || actions.some((action) => ADMINISTRATIVE_ACTIONS.includes(action));
  });
}

function isSame(one: DatabaseRole, other: DatabaseRole): boolean {
  return one.role === other.role && one.db === other.db;
}

function isRole(value: unknown): value is DatabaseRole {
  const { role, db } = value as Partial<DatabaseRole>;
  return typeof role === 'string' && typeof db === 'string';
}
