import type { Document } from 'mongodb';
import type { DocumentdbConnection } from './documentdb-connection';
import { isRecord, type Restrictions, restrictionsOf } from './sign-in-restrictions';
import { administers, type DatabaseRole } from '../../src/contract/administrator-roles';
import { RotationError } from '../core/rotation-error';

/** What the server says of a user. */
export interface DocumentdbUser extends Restrictions {
  readonly roles: readonly DatabaseRole[];
  /** The methods by which it may sign in; Amazon DocumentDB does not tell. */
  readonly mechanisms: readonly string[];
  readonly customData?: Document;
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

/** Actions with which the holder of a user-defined role can become anybody. */
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
  const question = { usersInfo: { user: username, db: database } };
  // A server that has no restrictions, or does not show them to this superuser, is asked for the rest.
  const { users } = await connection.runIfAllowed({ ...question, showAuthenticationRestrictions: true })
    ?? await connection.run(question);
  const found: unknown = Array.isArray(users) ? users.find(({ user, db }) => user === username && db === database) : undefined;
  if (found === undefined) {
    return undefined;
  }
  const { roles, mechanisms, customData, ...more } = found as Document;
  if (!Array.isArray(roles) || !roles.every(isRole)) {
    throw new RotationError('protocol', 'the server does not say which roles a user has');
  }
  return {
    roles: roles.map(({ role, db }) => ({ role, db })),
    mechanisms: Array.isArray(mechanisms) ? mechanisms : [],
    ...isRecord(customData) ? { customData } : {},
    ...restrictionsOf(more),
  };
}

/** Throws where a user of the name belongs to another database, as far as the server tells: clients may sign in there. */
export async function checkNowhereElse(connection: DocumentdbConnection, username: string): Promise<void> {
  const { users } = await connection.runIfAllowed({ usersInfo: { forAllDBs: true }, filter: { user: username } }) ?? {};
  if (Array.isArray(users) && users.length > 0) {
    throw new RotationError('configuration', 'the user does not exist in the database that users belong to, and there is one of '
      + 'the name in another: name that one as databaseName in the deployment, or drop that user');
  }
}

/** Throws where roles would make a user an administrator: control of its password is control of the server. */
export async function checkOrdinary(connection: DocumentdbConnection, roles: readonly DatabaseRole[]): Promise<void> {
  const made = roles.filter(({ role }) => !BUILT_IN.includes(role));
  if (roles.some(administers) || (made.length > 0 && await giveAdministration(connection, made))) {
    throw new RotationError('configuration', 'the user is an administrator of the server: only its own secret may rotate it');
  }
}

/** Throws where the alternate user has a role that its base does not have: somebody else's user is not taken over. */
export function checkAlternate(alternate: DocumentdbUser, base: Pick<DocumentdbUser, 'roles'>): void {
  const more = alternate.roles.filter((role) => !base.roles.some((other) => isSame(other, role)));
  if (more.length > 0) {
    throw new RotationError('conflict', 'the alternate user exists and is not one that this function made: '
      + 'it has roles that its base does not have; revoke them from it as well, or drop or rename it');
  }
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
