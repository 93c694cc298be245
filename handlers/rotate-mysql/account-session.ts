import { type Account, parseAccount } from './account';
import type { DatabaseUser } from './database-users';
import type { MysqlConnection } from './mysql-connection';
import { RotationError } from '../core/rotation-error';
import { asSuperuser, noSuchUser } from '../database/as-superuser';
import type { AlternateChange, CredentialSession, Identity, NewPassword, UserChange } from '../database/credential-target';

/** What a session reads first: its user and its server. */
export interface SessionState {
  /** `CURRENT_USER()`: the entry in the table of users that let the session in. */
  readonly account: string;
  /** `CURRENT_ROLE()`: on MySQL the roles, or NONE. */
  readonly role: string;
  readonly version: string;
  readonly readOnly: number;
}

const STATE = `SELECT CURRENT_USER() AS account, COALESCE(CURRENT_ROLE(), 'NONE') AS role, VERSION() AS version,
  @@global.read_only OR @@global.innodb_read_only AS readOnly`;

export async function readState(connection: MysqlConnection): Promise<SessionState> {
  const [state] = await connection.rows<SessionState>(STATE);
  return state;
}

/** A signed-in user of either server: the part that is the same for both. */
export abstract class AccountSession<User extends DatabaseUser> implements CredentialSession {
  /** What the superuser has to be granted. */
  protected abstract readonly rights: string;

  constructor(protected readonly connection: MysqlConnection, protected readonly state: SessionState) {}

  abstract get identity(): Identity;

  /** The name that let the session in; a proxied or an anonymous user is another than the one who signed in. */
  protected get username(): string {
    return parseAccount(this.state.account).username;
  }

  abstract changeOwnPassword(change: NewPassword): Promise<void>;

  async changeUser(change: UserChange): Promise<void> {
    await this.asSuperuser([change.username], async () => {
      const user = await this.findOrdinary(change.username);
      await this.change(user ? await this.alteration(user, change) : await this.creation(change));
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    await this.asSuperuser([change.base, change.username], async () => {
      let base = await this.findOrdinary(change.base);
      if (!base) {
        await this.change(await this.creation({ ...change, username: change.base, password: undefined }));
        base = (await this.findOrdinary(change.base))!;
      }
      const alternate = await this.findOrdinary(change.username);
      if (alternate && alternate.host !== base.host) {
        throw new RotationError('conflict', 'the alternate user is for another host than its base: drop or rename it');
      }
      await this.change(await this.alternateStatements(base, alternate, change));
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  protected abstract find(username: string): Promise<User | undefined>;
  /** Whether the user may change others, itself or by a role. */
  protected abstract administers(user: User): Promise<boolean>;
  protected abstract alteration(user: User, change: UserChange): Promise<string[]>;
  /** Makes a user for any host; without a given password it gets one that nobody knows. */
  protected abstract created(
    account: Account,
    change: { password?: string; token: string },
    roles: readonly string[],
  ): Promise<string[]>;
  protected abstract alternateStatements(base: User, alternate: User | undefined, change: AlternateChange): Promise<string[]>;

  protected async change(statements: readonly string[]): Promise<void> {
    if (this.state.readOnly !== 0) {
      throw new RotationError('readOnly', 'the server accepts no changes: it is a replica, or read-only for now');
    }
    await this.connection.change(statements);
  }

  private async creation({
    username,
    createWithRoles,
    ...change
  }: Omit<UserChange, 'password'> & { password?: string }): Promise<string[]> {
    if (createWithRoles === undefined) {
      throw noSuchUser();
    }
    return this.created({ username, host: '%' }, change, createWithRoles);
  }

  private async findOrdinary(username: string): Promise<User | undefined> {
    const user = await this.find(username);
    if (user && await this.administers(user)) {
      throw new RotationError('configuration', 'the user is an administrator of the server: only its own secret may rotate it');
    }
    return user;
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.username, users, needs: this.rights }, work);
  }
}
