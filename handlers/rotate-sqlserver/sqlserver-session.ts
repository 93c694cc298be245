import { randomBytes } from 'node:crypto';
import { alternateLoginSid, alternateUserSid } from './alternate-sid';
import { type ContainedUser, copyDatabaseRights, findContainedUser, openDatabases, usersBySid } from './database-users';
import { quoteIdentifier, quoteLiteral } from './quoting';
import { administers, copyServerRights, findLogin, type ServerLogin } from './server-logins';
import type { SqlserverConnection } from './sqlserver-connection';
import { RotationError } from '../core/rotation-error';
import { asSuperuser } from '../database/as-superuser';
import type { AlternateChange, CredentialSession, Identity, NewPassword, UserChange } from '../database/credential-target';

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
const RIGHTS = 'ALTER ANY LOGIN; for alternating users and new ones with a database also db_owner there and, WITH GRANT OPTION, '
  + 'their permissions of the server';

export async function readState(connection: SqlserverConnection): Promise<SessionState> {
  const [state] = await connection.rows<SessionState>(STATE);
  return state;
}

/** A signed-in user of SQL Server. */
export class SqlserverSession implements CredentialSession {
  constructor(
    private readonly connection: SqlserverConnection,
    private readonly state: SessionState,
    private readonly ownPassword: string,
  ) {}

  /** The alternate user has copies of its base's rights. */
  get identity(): Identity {
    const { contained, databaseUser, login } = this.state;
    return { username: contained ? databaseUser : login };
  }

  /** The old password is the one that this session has signed in with. */
  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    const user = `${this.state.contained ? 'USER' : 'LOGIN'} ${quoteIdentifier(this.identity.username)}`;
    this.checkWritable();
    await this.connection.rows(
      `ALTER ${user} WITH PASSWORD = ${quoteLiteral(password)} OLD_PASSWORD = ${quoteLiteral(this.ownPassword)}`,
    );
  }

  async changeUser(change: UserChange): Promise<void> {
    const { username, password } = change;
    await this.asSuperuser([username], async () => {
      const { login, user } = await this.find(username);
      if (login || user) {
        await this.change(this.state.databaseName, [
          `ALTER ${login ? 'LOGIN' : 'USER'} ${quoteIdentifier(username)} WITH PASSWORD = ${quoteLiteral(password)}`,
        ]);
      } else {
        await this.create(change);
      }
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    await this.asSuperuser([change.base, change.username], async () => {
      const { login, user } = await this.find(change.base);
      if (user) {
        await this.alternateUser(user, change);
      } else {
        await this.alternateLogin(login ?? await this.createBase(change), change);
      }
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

  /** Makes a login and, where the deployment names a database, its user there with the roles: all of it or nothing. */
  private async create({
    username,
    password,
    createWithRoles,
  }: Pick<UserChange, 'username' | 'password' | 'createWithRoles'>): Promise<void> {
    const { databaseName } = this.state;
    if (createWithRoles === undefined) {
      throw new RotationError(
        'configuration',
        'the user does not exist or is hidden from the superuser, and its binding does not say that it may be created',
      );
    }
    const atHome = databaseName !== SYSTEM_DATABASE;
    if (!atHome && createWithRoles.length > 0) {
      throw new RotationError('configuration', 'the roles of a new user are those of a database: the deployment has to name one');
    }
    const name = quoteIdentifier(username);
    const creation = `CREATE LOGIN ${name} WITH PASSWORD = ${quoteLiteral(password)}`;
    await this.change(databaseName, atHome ? [
      `${creation}, DEFAULT_DATABASE = ${quoteIdentifier(databaseName)}`,
      `CREATE USER ${name} FOR LOGIN ${name}`,
      ...createWithRoles.map((role) => `ALTER ROLE ${quoteIdentifier(role)} ADD MEMBER ${name}`),
    ] : [creation]);
  }

  private async createBase(change: AlternateChange): Promise<ServerLogin> {
    const password = `${randomBytes(UNKNOWN_PASSWORD_BYTES).toString('base64')}${EACH_KIND}`;
    await this.create({ ...change, username: change.base, password });
    return this.existing(change.base);
  }

  private async alternateLogin(base: ServerLogin, { username, password }: AlternateChange): Promise<void> {
    const { login, user } = await this.find(username);
    const sid = alternateLoginSid(base.sid, username);
    checkAlternate(user ?? login, sid);
    const name = quoteIdentifier(username);
    const defaults = [
      ...base.defaultDatabase === null ? [] : [`DEFAULT_DATABASE = ${quoteIdentifier(base.defaultDatabase)}`],
      ...base.defaultLanguage === null ? [] : [`DEFAULT_LANGUAGE = ${quoteIdentifier(base.defaultLanguage)}`],
    ];
    const policy = [`CHECK_POLICY = ${onOrOff(base.policyChecked)}`, `CHECK_EXPIRATION = ${onOrOff(base.expirationChecked)}`];
    const options = [
      `PASSWORD = ${quoteLiteral(password)}`,
      ...(login ? [] : [`SID = ${sid}`]),
      ...defaults,
      ...(login ? [] : policy),
    ];
    await this.change(SYSTEM_DATABASE, [`${login ? 'ALTER' : 'CREATE'} LOGIN ${name} WITH ${options.join(', ')}`]);
    const alternate = login ?? await this.existing(username);
    await copyServerRights(this.connection, base, alternate);
    for (const database of await openDatabases(this.connection)) {
      await this.alternateInDatabase(database, base, alternate);
    }
  }

  /** The user of the base may have another name there than its login; the one of the alternate user has that of its login. */
  private async alternateInDatabase(database: string, base: ServerLogin, alternate: ServerLogin): Promise<void> {
    const [owner, present] = await usersBySid(this.connection, database, base.sid, alternate.sid);
    if (owner && !present) {
      const name = quoteIdentifier(alternate.name);
      await this.change(database, [`CREATE USER ${name} FOR LOGIN ${name}`]);
    }
    const user = present ?? (owner && (await usersBySid(this.connection, database, alternate.sid))[0]);
    if (user) {
      await copyDatabaseRights(this.connection, database, owner, user);
    }
  }

  private async alternateUser(base: ContainedUser, { username, password }: AlternateChange): Promise<void> {
    const { databaseName } = this.state;
    const { login, user } = await this.find(username);
    const sid = alternateUserSid(base.sid, username);
    checkAlternate(login ?? user, sid);
    const options = [
      `PASSWORD = ${quoteLiteral(password)}`,
      ...base.defaultLanguage === null ? [] : [`DEFAULT_LANGUAGE = ${quoteIdentifier(base.defaultLanguage)}`],
      ...user ? [] : [`SID = ${sid}`],
    ];
    await this.change(databaseName, [
      `${user ? 'ALTER' : 'CREATE'} USER ${quoteIdentifier(username)} WITH ${options.join(', ')}`,
    ]);
    const alternate = user ?? (await findContainedUser(this.connection, databaseName, username))!;
    await copyDatabaseRights(this.connection, databaseName, base, alternate);
  }

  private async existing(username: string): Promise<ServerLogin> {
    const login = await findLogin(this.connection, username);
    if (!login) {
      throw new RotationError('conflict', 'the login that was just made is gone, or the superuser does not see it');
    }
    return login;
  }

  private async change(database: string, statements: readonly string[]): Promise<void> {
    this.checkWritable();
    await this.connection.change(database, statements);
  }

  private checkWritable(): void {
    if (this.state.readOnly !== 0) {
      throw new RotationError('readOnly', 'the database accepts no changes: it is a replica, or read-only for now');
    }
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.identity.username, users, needs: RIGHTS }, work);
  }
}

/** An existing alternate user is taken over only where its identifier shows that this function has made it, for this base. */
function checkAlternate(existing: { readonly sid: string } | undefined, sid: string): void {
  if (existing && existing.sid !== sid) {
    throw new RotationError(
      'conflict',
      'the alternate user exists and is not one that this function made for this base: its SID is another; drop or rename it',
    );
  }
}

function onOrOff(value: number): string {
  return value === 1 ? 'ON' : 'OFF';
}
