import { randomBytes } from 'node:crypto';
import { alternateLoginSid, alternateUserSid } from './alternate-sid';
import { changeAlternateLogin, changeAlternateUser, checkAlternate, existingLogin, type SetPassword } from './alternates';
import { changeAsOwner } from './change-as-owner';
import { checkContainedUsersAllowed, checkMayOpen } from './database-obstacles';
import { type ContainedUser, findContainedUser } from './database-users';
import { checkConnects, checkEnabled, type LoginState, loginState, unlocking } from './login-obstacles';
import { quoteIdentifier, quoteLiteral } from './quoting';
import { administers, findLogin, type ServerLogin } from './server-logins';
import type { SqlserverConnection } from './sqlserver-connection';
import { RotationError } from '../core/rotation-error';
import { asSuperuser, CREATE_IT } from '../database/as-superuser';
import type {
  AlternateChange, Credentials, CredentialSession, Identity, NewPassword, UserChange,
} from '../database/credential-target';
import { onlyRow } from '../database/only-row';
import { setPassword } from '../database/set-password';

/** What a session reads first: its user and its server. */
export interface SessionState {
  /** `ORIGINAL_LOGIN()`: for a user that is contained in a database, no name. */
  readonly login: string;
  readonly databaseUser: string;
  readonly databaseName: string;
  /** Whether the database, and not the server, authenticated the session. */
  readonly contained: number;
  readonly readOnly: number;
}

/** How a session came about. */
export interface SessionOrigin {
  readonly credentials: Credentials;
  /** The database of the deployment. */
  readonly databaseName?: string;
  /** Signs somebody else in, or the same with another password. */
  readonly signIn: (credentials: Credentials) => Promise<CredentialSession>;
}

/** A user that is changed: a login of the server or one that is contained in the session's database. */
interface FoundUser {
  readonly login?: ServerLogin;
  readonly user?: ContainedUser;
}

const STATE = `SET NOCOUNT ON; SET LOCK_TIMEOUT 5000; SELECT ORIGINAL_LOGIN() AS login, USER_NAME() AS databaseUser, DB_NAME() AS databaseName,
  CASE WHEN (SELECT authenticating_database_id FROM sys.dm_exec_sessions WHERE session_id = @@SPID) > 1 THEN 1 ELSE 0 END AS contained,
  CASE WHEN DATABASEPROPERTYEX(DB_NAME(), N'Updateability') = N'READ_ONLY' THEN 1 ELSE 0 END AS readOnly`;
const SYSTEM_DATABASE = 'master';
const UNKNOWN_PASSWORD_BYTES = 24;
/** Of each kind of character that a policy may ask for. */
const EACH_KIND = '-aA1';
const RIGHTS = 'ALTER ANY LOGIN; for alternating users, new ones with a database and contained ones also db_owner there and, '
  + 'WITH GRANT OPTION, their permissions of the server';

export async function readState(connection: SqlserverConnection): Promise<SessionState> {
  return onlyRow(await connection.rows<SessionState>(STATE));
}

/** A signed-in user of SQL Server. */
export class SqlserverSession implements CredentialSession {
  constructor(
    private readonly connection: SqlserverConnection,
    private readonly state: SessionState,
    private readonly origin: SessionOrigin,
  ) {}

  /** The alternate user has copies of its base's rights. */
  get identity(): Identity {
    const { contained, databaseUser, login } = this.state;
    return { username: contained ? databaseUser : login };
  }

  /** The old password is the one that this session has signed in with. */
  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    const { credentials } = this.origin;
    const user = `${this.state.contained ? 'USER' : 'LOGIN'} ${quoteIdentifier(this.identity.username)}`;
    this.checkWritable();
    await this.setting({ ...credentials, password })(async () => void await this.connection.rows(
      `ALTER ${user} WITH PASSWORD = ${quoteLiteral(password)} OLD_PASSWORD = ${quoteLiteral(credentials.password)}`,
      'password',
    ));
  }

  async changeUser(change: UserChange): Promise<void> {
    const { username, password } = change;
    await this.asSuperuser([username], async () => {
      const { login, user } = await this.find(username);
      const withPassword = `${quoteIdentifier(username)} WITH PASSWORD = ${quoteLiteral(password)}`;
      const set = this.setting(change);
      if (login) {
        const state = await this.checkLogin(login, change);
        checkEnabled(state, 'the user');
        const statement = `ALTER LOGIN ${withPassword}${unlocking(state)}`;
        await set(async () => this.connection.change(this.state.databaseName, [statement], 'password'));
      } else if (user) {
        await this.checkContained(user, change);
        await set(async () =>
          changeAsOwner(this.connection, this.state.databaseName, [`ALTER USER ${withPassword}`], [], 'password'));
      } else {
        await this.create(change);
      }
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const { base: baseName, username } = change;
    await this.asSuperuser([baseName, username], async () => {
      const base = await this.find(baseName);
      const alternate = await this.find(username);
      const set = this.setting(change);
      if (base.user) {
        checkAlternate(base.user, alternate.login ?? alternate.user, (sid) => alternateUserSid(sid, username));
        await this.checkContained(base.user, change);
        await changeAlternateUser(this.connection, this.state.databaseName, base.user, alternate.user, change, set);
        return;
      }
      checkAlternate(base.login, alternate.user ?? alternate.login, (sid) => alternateLoginSid(sid, username));
      if (base.login) {
        // An alternate user of one that was switched off would go on where its base may not.
        checkEnabled(await this.checkLogin(base.login, change), 'the base');
      }
      await changeAlternateLogin(this.connection, base.login ?? await this.createBase(change), alternate.login, change, set);
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async find(username: string): Promise<FoundUser> {
    const login = await findLogin(this.connection, username);
    const user = await findContainedUser(this.connection, this.state.databaseName, username);
    if (login && user) {
      throw new RotationError('conflict', 'the server has a login and the database a contained user of the name: drop one');
    }
    if (login && await administers(this.connection, login)) {
      throw new RotationError('configuration', 'the user is an administrator of the server: only its own secret may rotate it');
    }
    return { login, user };
  }

  /** Throws where the login could not sign in to the database of its clients with whatever password. */
  private async checkLogin(login: ServerLogin, { databaseName }: UserChange): Promise<LoginState> {
    const state = await loginState(this.connection, login);
    checkConnects(state);
    const database = databaseName ?? this.origin.databaseName ?? login.defaultDatabase;
    if (database !== null && state.everywhere === 0) {
      await checkMayOpen(this.connection, database, login.sid);
    }
    return state;
  }

  private async checkContained(user: ContainedUser, change: UserChange): Promise<void> {
    const { databaseName } = this.state;
    if ((change.databaseName ?? databaseName).toLowerCase() !== databaseName.toLowerCase()) {
      throw new RotationError('configuration', 'the user is contained in the database that the deployment names, and its secret '
        + 'names another one: put the database of the deployment into the secret (dbname)');
    }
    await checkContainedUsersAllowed(this.connection);
    await checkMayOpen(this.connection, databaseName, user.sid);
  }

  /** Makes a login and, where the deployment names a database, its user there with the roles: all of it or nothing. */
  private async create({ username, password, createWithRoles, databaseName: wanted }: UserChange): Promise<void> {
    const { databaseName } = this.state;
    if (createWithRoles === undefined) {
      throw new RotationError(
        'configuration',
        `the user does not exist or is hidden from the superuser; ${CREATE_IT}`,
      );
    }
    const atHome = databaseName !== SYSTEM_DATABASE;
    if (!atHome && createWithRoles.length > 0) {
      throw new RotationError('configuration', 'the roles of a new user are those of a database: the deployment has to name one');
    }
    if (wanted !== undefined && wanted.toLowerCase() !== databaseName.toLowerCase()) {
      await checkMayOpen(this.connection, wanted, undefined);
    }
    const name = quoteIdentifier(username);
    const creation = `CREATE LOGIN ${name} WITH PASSWORD = ${quoteLiteral(password)}`;
    if (atHome) {
      await changeAsOwner(this.connection, databaseName, [
        `CREATE USER ${name} FOR LOGIN ${name}`,
        ...createWithRoles.map((role) => `ALTER ROLE ${quoteIdentifier(role)} ADD MEMBER ${name}`),
      ], [`${creation}, DEFAULT_DATABASE = ${quoteIdentifier(databaseName)}`], 'password');
    } else {
      await this.connection.change(databaseName, [creation], 'password');
    }
  }

  private async createBase(change: AlternateChange): Promise<ServerLogin> {
    const password = `${randomBytes(UNKNOWN_PASSWORD_BYTES).toString('base64')}${EACH_KIND}`;
    await this.create({ ...change, username: change.base, password });
    return existingLogin(this.connection, change.base);
  }

  private setting({ username, password, databaseName }: Credentials): SetPassword {
    return async (work) => setPassword(work, async () => this.origin.signIn({ username, password, databaseName }));
  }

  private checkWritable(): void {
    if (this.state.readOnly !== 0) {
      throw new RotationError('readOnly', 'the database accepts no changes: it is a replica, or read-only for now');
    }
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.identity.username, users, needs: RIGHTS }, async () => {
      this.checkWritable();
      await work();
    });
  }
}
