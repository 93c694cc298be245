import { type Gate, openGate } from './memory-store';
import { RotationError } from '../../../handlers/core/rotation-error';
import { checkOthers, noSuchUser } from '../../../handlers/database/as-superuser';
import {
  type AlternateChange,
  type Credentials,
  type CredentialSession,
  type CredentialTarget,
  type Identity,
  type NewPassword,
  SignInRefused,
  type UserChange,
} from '../../../handlers/database/credential-target';
import { onePassword } from '../../../handlers/database/target-checks';
import type { DatabaseFacts } from '../../../src/contract/database-facts';

const LONGEST_NAME = 63;

/** A user, never changed in place: a copy of the map of users is a copy of all of them. */
export interface FakeUser {
  /** The one that was set last, and where a user has two the one before it. */
  readonly passwords: readonly string[];
  /** Token of the version that the first password was set for. */
  readonly setFor?: string;
  readonly superuser?: boolean;
  /** Whose rights its sessions have. */
  readonly actsAs?: string;
}

/** A database server, as far as rotations see it. */
export class FakeDatabase {
  users = new Map<string, FakeUser>([['postgres', { passwords: ['superuser'], superuser: true }]]);
  readonly databases: readonly string[] = ['postgres'];
  running = true;
  readOnly = false;
  /** Whether users can have two passwords, as those of MySQL. */
  twoPasswords = true;
  /** What keeps somebody out whose password is right. */
  obstacle?: (credentials: Credentials) => RotationError | undefined;
  connections = 0;
  logins = 0;
  /** Names of the users whose logins were refused. */
  readonly refused: string[] = [];

  constructor(readonly host = 'localhost', readonly port = 5432) {}

  accepts({ username, password }: Credentials): boolean {
    return this.users.get(username)?.passwords.includes(password) ?? false;
  }

  /** What a server stores for a user. */
  verifierOf(username: string): string {
    return JSON.stringify(this.users.get(username) ?? null);
  }
}

/** {@link CredentialTarget} for a {@link FakeDatabase}, as the targets of real ones behave. */
export class FakeTarget implements CredentialTarget {
  readonly engines = ['postgres', 'aurora-postgresql'];

  constructor(
    private readonly database: FakeDatabase,
    private readonly facts: DatabaseFacts,
    private readonly gate: Gate = openGate,
  ) {}

  async signIn(credentials: Credentials): Promise<CredentialSession> {
    const { database, facts } = this;
    return this.gate('signIn', () => {
      if (!database.running || Number(facts.port) !== database.port) {
        throw new RotationError('network', 'no connection to the database', 'ECONNREFUSED');
      }
      database.connections++;
      if (!database.accepts(credentials)) {
        database.refused.push(credentials.username);
        const setFor = database.users.get(credentials.username)?.setFor;
        throw new SignInRefused('28P01', facts.plainPasswordStatement ? undefined : (token) => token === setFor);
      }
      const obstacle = database.obstacle?.(credentials);
      if (obstacle) {
        throw obstacle;
      }
      database.logins++;
      if (!database.databases.includes(credentials.databaseName ?? facts.databaseName ?? 'postgres')) {
        throw new RotationError('configuration', 'the database does not exist', '3D000');
      }
      return new FakeSession(database, credentials.username, this.gate);
    }, credentials.username);
  }

  checkUsername(username: string): void {
    if (/^(pg_|rds)/.test(username)) {
      throw new RotationError('configuration', 'the user is reserved');
    }
    if (Buffer.byteLength(username) > LONGEST_NAME) {
      throw new RotationError('configuration', 'the user name is longer than the server keeps');
    }
  }

  checkTwoPasswords(): void {
    if (!this.database.twoPasswords) {
      throw onePassword('the server');
    }
  }

  checkPassword(password: string): void {
    if (password.includes('\0') || (!this.facts.plainPasswordStatement && /\p{Co}/u.test(password))) {
      throw new RotationError('configuration', 'the password has characters that it cannot have');
    }
  }
}

class FakeSession implements CredentialSession {
  readonly identity: Identity;

  constructor(private readonly database: FakeDatabase, private readonly username: string, private readonly gate: Gate) {
    this.identity = { username, actingAs: database.users.get(username)?.actsAs ?? username };
  }

  async changeOwnPassword({ password, token }: NewPassword): Promise<void> {
    await this.gate('changeOwnPassword', () => this.change({ username: this.username, password, token }));
  }

  async changeUser(change: UserChange): Promise<void> {
    await this.gate('changeUser', () => {
      this.requireRights([change.username]);
      this.change(change);
    });
  }

  async changeAlternate({ base, ...change }: AlternateChange): Promise<void> {
    await this.gate('changeAlternate', () => {
      if (change.username === base) {
        throw new Error('an alternate user is another one than its base');
      }
      this.requireRights([base, change.username]);
      const { users } = this.database;
      if (!users.has(base)) {
        this.requireRoles(change);
      }
      users.set(base, ordinary(users.get(base)) ?? { passwords: [] });
      users.set(change.username, ordinary(users.get(change.username)) ?? { passwords: [], actsAs: base });
      this.change(change);
    });
  }

  async close(): Promise<void> {
    await this.gate('close', () => undefined);
  }

  private change(change: UserChange): void {
    const { users, readOnly } = this.database;
    if (readOnly) {
      throw new RotationError('readOnly', 'the server accepts no changes');
    }
    const user = users.get(change.username);
    if (user && this.username !== change.username) {
      ordinary(user);
    }
    if (!user) {
      this.requireRoles(change);
    }
    users.set(change.username, { ...user, passwords: nextPasswords(user?.passwords ?? [], change), setFor: change.token });
  }

  private requireRights(usernames: readonly string[]): void {
    checkOthers(this.username, usernames);
    if (!this.database.users.get(this.username)?.superuser) {
      throw new RotationError('permission', 'the database does not let the superuser change the user', '42501');
    }
  }

  private requireRoles({ createWithRoles }: UserChange): void {
    if (createWithRoles === undefined) {
      throw noSuchUser();
    }
    if (!createWithRoles.every((role) => this.database.users.has(role))) {
      throw new RotationError('configuration', 'a role does not exist', '42704');
    }
  }
}

function ordinary(user: FakeUser | undefined): FakeUser | undefined {
  if (user?.superuser) {
    throw new RotationError('configuration', 'the user is a superuser of the server: only its own secret may rotate it');
  }
  return user;
}

/** With `retain`, as MySQL: the password that clients hold stays beside the new one, be it the first or the second. */
function nextPasswords([first, second]: readonly string[], { password, retain, discardOthers }: UserChange): readonly string[] {
  if (retain === undefined) {
    // What it had beside the first one goes on working, unless it is discarded.
    return second === undefined || discardOthers ? [password] : [password, second];
  }
  if (first === password) {
    return second === undefined ? [first] : [first, second];
  }
  return [first, second].includes(retain) ? [password, retain] : [password];
}
