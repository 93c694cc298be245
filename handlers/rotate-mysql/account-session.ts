import { type Account, parseAccount } from './account';
import type { DatabaseUser } from './database-users';
import type { MysqlConnection, Statement } from './mysql-connection';
import { checkOnlyAccount } from './only-account';
import { quoteAccount } from './quoting';
import { checkNotHidden, checkSignIn, type FunctionConnection } from './sign-in-obstacles';
import { unknownPassword } from './unknown-password';
import { RotationError } from '../core/rotation-error';
import { asSuperuser, noSuchUser } from '../database/as-superuser';
import type { AlternateChange, CredentialSession, Identity, NewPassword, UserChange } from '../database/credential-target';
import { onlyRow } from '../database/only-row';

/** What a session reads first: its user and its server. */
export interface SessionState {
  /** `CURRENT_USER()`: the entry in the table of users that let the session in. */
  readonly account: string;
  /** `USER()`: the name that was given, and where the server sees the client. */
  readonly client: string;
  /** `CURRENT_ROLE()`: on MySQL the roles, or NONE. */
  readonly role: string;
  readonly version: string;
  /** On most servers 0 or 1; since MariaDB 12.0 OFF, ON, NO_LOCK or NO_LOCK_NO_ADMIN, texts that SQL takes for 0. */
  readonly readOnly: number | string;
  readonly innodbReadOnly: number | string;
}

export interface SessionOptions {
  /** Send passwords themselves, not what the server stores of them. */
  readonly plain: boolean;
  /** Whether somebody can sign in as the session's user with a password. */
  readonly worksFor: (password: string) => Promise<boolean>;
}

const STATE = `SELECT CURRENT_USER() AS account, USER() AS client, COALESCE(CURRENT_ROLE(), 'NONE') AS role, VERSION() AS version,
  @@global.read_only AS readOnly, @@global.innodb_read_only AS innodbReadOnly`;
const ANONYMOUS = "SELECT Host AS host FROM mysql.user WHERE User = ''";
const WRITABLE: readonly (number | string)[] = [0, '0', 'OFF'];
/** The host of accounts that a rotation makes. */
const ANY_HOST = '%';
const FORBIDDEN_BY_AN_OPTION = '1290';

export async function readState(connection: MysqlConnection): Promise<SessionState> {
  return onlyRow(await connection.rows<SessionState>(STATE));
}

/** A signed-in user of either server: the part that is the same for both. */
export abstract class AccountSession<User extends DatabaseUser> implements CredentialSession {
  /** What the superuser has to be granted. */
  protected abstract readonly rights: string;
  /** Whether accounts of the server may have hosts like `10.0.0.0/8`. */
  protected abstract readonly knowsPrefixes: boolean;
  private anonymousHosts?: readonly string[];

  constructor(
    protected readonly connection: MysqlConnection,
    protected readonly state: SessionState,
    protected readonly options: SessionOptions,
  ) {}

  abstract get identity(): Identity;

  /** The name that let the session in; a proxied or an anonymous user is another than the one who signed in. */
  protected get username(): string {
    return parseAccount(this.state.account).username;
  }

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    await checkOnlyAccount(this.connection, parseAccount(this.state.account));
    await this.setOwnPassword(password);
  }

  async changeUser(change: UserChange): Promise<void> {
    await this.asSuperuser([change.username], async () => {
      const [user] = await this.findOrdinary(change.username);
      if (!user || await this.isHalfMade(user, change.createWithRoles)) {
        await this.create(change, user);
      } else {
        await this.checkUsable(user);
        await this.change(await this.alteration(user, change));
      }
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    await this.asSuperuser([change.base, change.username], async () => {
      const [found, alternate] = await this.findOrdinary(change.base, change.username);
      let base = found;
      if (!base || await this.isHalfMade(base, change.createWithRoles)) {
        await this.create({ ...change, username: change.base, password: unknownPassword() }, base);
        base = (await this.findOrdinary(change.base))[0]!;
      }
      if (alternate && alternate.host !== base.host) {
        throw new RotationError('conflict', 'the alternate user is for another host than its base: drop or rename it');
      }
      await this.checkUsable(base);
      await this.checkUsable(alternate);
      await this.change(await this.alternateStatements(base, alternate, change));
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  protected abstract setOwnPassword(password: string): Promise<void>;
  /** Each of several users, in their order. */
  protected abstract find(usernames: readonly string[]): Promise<(User | undefined)[]>;
  /** Whether one of the users may change others, itself or by a role. */
  protected abstract administer(accounts: readonly Account[]): Promise<boolean>;
  /** Throws where the user signs in otherwise than by a password that this function can prove. */
  protected abstract checkMethod(user: User): void;
  /** Whether what the server stores was made from the password. */
  protected abstract holds(user: User, password: string): boolean;
  protected abstract alteration(user: User, change: UserChange): Promise<Statement[]>;
  /** Makes a user; without a clause, one that signs in as soon as it is there. */
  protected abstract creation(account: Account, change: NewPassword, clause: string): Promise<Statement>;
  /** The account behind the name of a role. */
  protected abstract roleOf(name: string): Account;
  /** Gives roles to a user, as those that its sessions begin with. */
  protected abstract granted(roles: readonly Account[], account: Account): string[];
  protected abstract alternateStatements(
    base: User,
    alternate: User | undefined,
    change: AlternateChange,
  ): Promise<Statement[]>;

  protected async change(statements: readonly Statement[]): Promise<void> {
    if (isReadOnly(this.state)) {
      throw readOnly();
    }
    try {
      await this.connection.change(statements);
    } catch (thrown) {
      const error = RotationError.from(thrown);
      // Read-only since the session began: the number is that of other options, too.
      const isForbidden = error.code === FORBIDDEN_BY_AN_OPTION;
      throw isForbidden && isReadOnly(await readState(this.connection).catch(() => this.state)) ? readOnly() : error;
    }
  }

  /** What a user may do, a statement for each. */
  protected async grantsFor(account: Account): Promise<string[]> {
    const rows = await this.connection.rows<Record<string, string>>(`SHOW GRANTS FOR ${quoteAccount(account)}`);
    return rows.flatMap((row) => Object.values(row));
  }

  /** A statement that sets a password of another user. */
  protected setting(username: string, password: string, sql: string): Statement {
    return {
      sql,
      isSet: async () => {
        const [user] = await this.find([username]);
        return user !== undefined && this.holds(user, password);
      },
    };
  }

  /**
   * Makes a user for any host. Each statement takes effect at once: the user is locked until it has its roles, so that nobody
   * finds it without its rights, and the next attempt goes on with it.
   */
  private async create(change: UserChange, halfMade: User | undefined): Promise<void> {
    const { username, createWithRoles } = change;
    if (createWithRoles === undefined) {
      throw noSuchUser();
    }
    const account = { username, host: ANY_HOST };
    checkNotHidden(ANY_HOST, await this.here());
    const roles = createWithRoles.map((name) => this.roleOf(name));
    if (roles.length > 0 && await this.administer(roles)) {
      throw new RotationError('configuration', 'a role of the user to be created makes it an administrator of the server, '
        + 'whose secret only the user itself may rotate: leave the role out');
    }
    const grants = this.granted(roles, account);
    await this.change([
      ...halfMade
        ? await this.alteration(halfMade, change)
        : [await this.creation(account, change, grants.length > 0 ? ' ACCOUNT LOCK' : '')],
      ...grants,
      ...grants.length > 0 ? [`ALTER USER ${quoteAccount(account)} ACCOUNT UNLOCK`] : [],
    ]);
  }

  /** Whether an interrupted attempt has left the user: locked, and with nothing but roles that it is to have. */
  private async isHalfMade(user: User, createWithRoles: readonly string[] = []): Promise<boolean> {
    if (!user.locked || user.host !== ANY_HOST || createWithRoles.length === 0) {
      return false;
    }
    this.checkMethod(user);
    const name = quoteAccount(user);
    const wanted = new Set(createWithRoles.flatMap((role) => this.granted([this.roleOf(role)], user)));
    return (await this.grantsFor(user))
      .filter((grant) => !grant.startsWith(`GRANT USAGE ON *.* TO ${name}`) && !wanted.has(grant))
      // MySQL says several roles in one line.
      .flatMap((grant) => grant.slice('GRANT '.length, -` TO ${name}`.length).split(/(?<=`),(?=`)/))
      .every((role) => wanted.has(`GRANT ${role} TO ${name}`));
  }

  private async findOrdinary(...usernames: string[]): Promise<(User | undefined)[]> {
    const users = await this.find(usernames);
    const found = users.filter((user) => user !== undefined);
    if (found.length > 0 && await this.administer(found)) {
      throw new RotationError('configuration', 'the user is an administrator of the server: only its own secret may rotate it');
    }
    return users;
  }

  /** Throws where a user that exists could not sign in from here once it is changed. */
  private async checkUsable(user: User | undefined): Promise<void> {
    if (user) {
      this.checkMethod(user);
      const cipher = user.cipher === '' ? '' : await this.connection.cipher();
      checkSignIn(user, { ...await this.here(), cipher });
    }
  }

  /** How sessions of this function look to the server, which is asked once. */
  private async here(): Promise<Omit<FunctionConnection, 'cipher'>> {
    this.anonymousHosts ??= (await this.connection.rows<{ host: string }>(ANONYMOUS)).map(({ host }) => host);
    const { anonymousHosts, knowsPrefixes } = this;
    return { client: parseAccount(this.state.client).host, anonymousHosts, knowsPrefixes };
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.username, users, needs: this.rights }, work);
  }
}

function isReadOnly({ readOnly: server, innodbReadOnly }: SessionState): boolean {
  return ![server, innodbReadOnly].every((value) => WRITABLE.includes(value));
}

function readOnly(): RotationError {
  return new RotationError('readOnly', 'the server accepts no changes: it is a replica, or read-only for now');
}
