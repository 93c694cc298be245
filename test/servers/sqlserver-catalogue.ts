import { randomBytes } from 'node:crypto';
import type { Value } from './sqlserver-messages';

/** An error as SQL Server numbers it. */
export class SqlserverError extends Error {
  constructor(readonly number: number, text: string) {
    super(text);
  }
}

/** A permission as the catalogue has it. */
export interface PeerPermission {
  class: number;
  state: string;
  permission: string;
  kind: string | null;
  schema: string | null;
  name: string | null;
  column: string | null;
}

interface Principal {
  readonly id: number;
  readonly name: string;
  readonly sid: string;
  roles: string[];
  permissions: PeerPermission[];
}

export interface PeerLogin extends Principal {
  password: string;
  superuser: boolean;
  /** What a login is refused with, where it is. */
  refusedWith?: number;
  /** Null where nobody may see it. */
  defaultDatabase: string | null;
  defaultLanguage: string;
  policyChecked: boolean;
  expirationChecked: boolean;
  hasCredential: boolean;
  disabled: boolean;
  /** After wrong passwords; null where nobody may see it. */
  locked: boolean | null;
  expired: boolean;
  mustChange: boolean;
}

export interface PeerUser extends Principal {
  /** Of a user that is contained in the database. */
  password?: string;
  defaultSchema: string | null;
  defaultLanguage: string | null;
  /** Schemas, and objects with an owner of their own. */
  owns: { class: number; schema: string | null; name: string }[];
}

export interface PeerDatabase {
  readonly name: string;
  contained: boolean;
  readOnly: boolean;
  /** Whether the superuser may open it. */
  open: boolean;
  trustworthy: boolean;
  online: boolean;
  /** Whether the superuser sees who is a user there. */
  visible: boolean;
  /** What its DDL triggers run, one statement each, whatever happens to the others. */
  triggers: string[];
  readonly users: PeerUser[];
}

/** Logins, databases and users of a server. */
export class SqlserverCatalogue {
  logins: PeerLogin[] = [];
  databases: PeerDatabase[] = [];
  private serial = 256;

  constructor() {
    this.addDatabase('master');
  }

  addLogin(name: string, password: string, options: Partial<PeerLogin> = {}): PeerLogin {
    if (this.logins.some((login) => login.name.toLowerCase() === name.toLowerCase())) {
      throw new SqlserverError(15025, `The server principal '${name}' already exists.`);
    }
    const login: PeerLogin = {
      id: this.serial++,
      name,
      sid: sid(randomBytes(16)),
      password,
      superuser: false,
      defaultDatabase: 'master',
      defaultLanguage: 'us_english',
      policyChecked: true,
      expirationChecked: false,
      hasCredential: false,
      disabled: false,
      locked: false,
      expired: false,
      mustChange: false,
      roles: [],
      permissions: [permission(100, 'CONNECT SQL')],
      ...options,
    };
    this.logins.push(login);
    return login;
  }

  addDatabase(name: string, options: Partial<PeerDatabase> = {}): PeerDatabase {
    const database = {
      name,
      contained: false,
      readOnly: false,
      open: true,
      trustworthy: false,
      online: true,
      visible: true,
      triggers: [],
      users: [],
      ...options,
    };
    this.databases.push(database);
    return database;
  }

  addUser(databaseName: string, name: string, options: Partial<PeerUser> = {}): PeerUser {
    const { users } = this.database(databaseName);
    if (users.some((user) => user.name.toLowerCase() === name.toLowerCase())) {
      throw new SqlserverError(15023, `User, group, or role '${name}' already exists in the current database.`);
    }
    const user: PeerUser = {
      id: this.serial++,
      name,
      sid: sid(Buffer.concat([Buffer.from('010500000000000903000000', 'hex'), randomBytes(16)])),
      defaultSchema: 'dbo',
      defaultLanguage: null,
      roles: [],
      permissions: [permission(0, 'CONNECT')],
      owns: [],
      ...options,
    };
    users.push(user);
    return user;
  }

  login(name: string): PeerLogin {
    return this.logins.find((login) => login.name === name) ?? missing(name);
  }

  database(name: string): PeerDatabase {
    const database = this.databases.find((one) => one.name === name);
    if (!database) {
      throw new SqlserverError(911, `Database '${name}' does not exist.`);
    }
    return database;
  }

  user(databaseName: string, name: string): PeerUser {
    return this.database(databaseName).users.find((user) => user.name === name) ?? missing(name);
  }

  /** What a database says of somebody who wants to connect to it. */
  accessTo({ users, visible }: PeerDatabase, identifier: string): Record<string, number> {
    const user = users.find((one) => one.sid === identifier);
    const states = (of: PeerUser | undefined): string[] =>
      (of?.permissions ?? []).filter((one) => one.class === 0 && one.permission === 'CONNECT').map(({ state }) => state);
    return {
      held: Number(user !== undefined),
      guests: states(users.find(({ name }) => name === 'guest')).length,
      denied: Number(states(user).includes('D')),
      connects: Number(states(user).includes('G') || user?.roles.includes('db_owner') || user?.id === 1),
      visible: Number(visible),
    };
  }

  /** What takes the catalogue back to what it is now. */
  savepoint(): () => void {
    const { logins, databases } = structuredClone({ logins: this.logins, databases: this.databases });
    return () => Object.assign(this, { logins, databases });
  }
}

export function permission(kind: number, name: string, rest: Partial<PeerPermission> = {}): PeerPermission {
  return { class: kind, state: 'G', permission: name, kind: null, schema: null, name: null, column: null, ...rest };
}

/** A row of the table of logins. */
export function loginRow({
  id,
  name,
  sid: identifier,
  policyChecked,
  expirationChecked,
  ...login
}: PeerLogin): Record<string, Value> {
  const { defaultDatabase, defaultLanguage } = login;
  const checked = {
    policyChecked: Number(policyChecked),
    expirationChecked: Number(expirationChecked),
    hasCredential: Number(login.hasCredential),
  };
  return { id, name, sid: identifier, defaultDatabase, defaultLanguage, ...checked };
}

/** A row of a database's table of users. */
export function userRow({ id, name, sid: identifier, defaultSchema, defaultLanguage }: PeerUser): Record<string, Value> {
  return { id, name, sid: identifier, defaultSchema, defaultLanguage };
}

function sid(bytes: Buffer): string {
  return `0x${bytes.toString('hex').toUpperCase()}`;
}

function missing(name: string): never {
  throw new SqlserverError(
    15151,
    `Cannot alter or find the principal '${name}', because it does not exist or you do not have permission.`,
  );
}
