import type { PostgresqlConnection } from './postgresql-connection';
import { checkAlternate, checkBase, checkBytes, checkOrdinary, findUsers, type PostgresqlUser } from './postgresql-users';
import { limitChanges, NEW_USER, refusedSettings, settingChanges } from './role-settings';
import { saltFor, scramVerifier } from './scram-verifier';
import { checkSignIn } from './sign-in-obstacles';
import { RotationError } from '../core/rotation-error';
import { checkOthers, noSuchUser } from '../database/as-superuser';
import type { AlternateChange, CredentialSession, Identity, NewPassword, UserChange } from '../database/credential-target';
import { onlyRow } from '../database/only-row';
import { quoteIdentifier, quoteLiteral } from '../postgresql-protocol/quoting';

/** Every login asks this of a server that has just begun a process for it: views that it would have to plan come later. */
const STATE = `SELECT session_user AS username, current_user AS "actingAs", pg_is_in_recovery() AS "inRecovery",
  current_setting('default_transaction_read_only') = 'on' AS "beginsReadOnly",
  current_setting('server_version_num')::int AS version, current_setting('password_encryption') AS encryption,
  current_setting('rds.restrict_password_commands', true) = 'on' AS restricted, current_setting('server_encoding') AS charset
  FROM pg_database WHERE datname = current_database()`;
/** A user's own settings are not the server's: `BEGIN READ WRITE` overrules them. */
const READ_ONLY = `SELECT EXISTS (
  SELECT FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on' AND source NOT LIKE '%user%') AS holds`;
const MAY_SET_PASSWORDS = `SELECT EXISTS (
  SELECT FROM pg_roles WHERE rolname = 'rds_password' AND pg_has_role(session_user, oid, 'MEMBER')) AS holds`;

interface State extends Identity {
  readonly inRecovery: boolean;
  /** Whether transactions are read-only that do not say otherwise. */
  readonly beginsReadOnly: boolean;
  readonly version: number;
  readonly encryption: string;
  /** Whether Amazon RDS lets only members of `rds_password` set passwords. */
  readonly restricted: boolean | null;
  /** The encoding of the database, in which the server stores names. */
  readonly charset: string;
}

export interface SessionOptions {
  /** Send the password itself. */
  readonly plain: boolean;
  readonly allowMd5: boolean;
  /** The database that users connect to whose secrets do not name one. */
  readonly databaseName: string;
}

/** Since this version a user that may create users may change only those that it administers. */
const ADMIN_OPTION_SINCE = 160_000;
/** Before that, whatever else somebody may do. */
const REPLICATION = 'before PostgreSQL 16, a user with REPLICATION only a superuser of the server may change: ALTER ROLE <user> '
  + 'NOREPLICATION, or have such a superuser rotate it';
const PERMISSION_DENIED = '42501';

/** A signed-in PostgreSQL user. */
export class PostgresqlSession implements CredentialSession {
  /** Reads the user and the server of the session, as an application would first. */
  static async begin(connection: PostgresqlConnection, options: SessionOptions): Promise<PostgresqlSession> {
    const state = onlyRow(await connection.rows<State>(STATE));
    return new PostgresqlSession(connection, state, options);
  }

  private constructor(
    private readonly connection: PostgresqlConnection,
    private readonly state: State,
    private readonly options: SessionOptions,
  ) {}

  get identity(): Identity {
    return this.state;
  }

  async changeOwnPassword(change: NewPassword): Promise<void> {
    const { username, version } = this.state;
    try {
      await this.change([`ALTER ROLE ${quoteIdentifier(username)} PASSWORD ${this.passwordOf(username, change)}`]);
    } catch (thrown) {
      const error = RotationError.from(thrown);
      throw isMissingRight(error) && version < ADMIN_OPTION_SINCE
        ? new RotationError('permission', `the database does not let the user change its own password: ${REPLICATION}`, error.code)
        : error;
    }
  }

  async changeUser(change: UserChange): Promise<void> {
    checkOthers(this.state.username, [change.username]);
    const [user] = await this.find([change.username], change);
    if (user) {
      checkOrdinary(user);
      checkSignIn(user);
    }
    const statements = user
      ? this.alteration(change)
      : this.creation(change, await this.checkedRoles(change), this.passwordOf(change.username, change));
    await this.changeUsers(statements, user ? [change.username] : change.createWithRoles!);
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const { base, username, createWithRoles } = change;
    checkOthers(this.state.username, [base, username]);
    const statements: string[] = [];
    const [baseUser, alternate] = await this.find([base, username], change);
    if (baseUser) {
      checkBase(baseUser);
      checkSignIn(baseUser);
    } else {
      statements.push(...this.creation({ username: base }, await this.checkedRoles(change), 'NULL'));
    }
    if (alternate) {
      checkAlternate(alternate, base);
      // It gets the limits of its base.
      checkSignIn({ ...alternate, expired: false, connectionLimit: -1 });
      statements.push(...this.alteration(change));
    } else {
      statements.push(
        ...this.creation(change, [base], this.passwordOf(username, change)),
        `ALTER ROLE ${quoteIdentifier(username)} SET role = ${quoteLiteral(base)}`,
      );
    }
    const [former, wanted] = [alternate ?? NEW_USER, baseUser ?? NEW_USER];
    statements.push(...limitChanges(username, former, wanted));
    const administered = [...baseUser ? [base] : createWithRoles!, ...alternate ? [username] : []];
    await this.changeUsers(statements, administered, settingChanges(username, former.settings, wanted.settings));
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async find(
    usernames: readonly string[],
    { databaseName = this.options.databaseName }: UserChange,
  ): Promise<(PostgresqlUser | undefined)[]> {
    usernames.forEach((username) => checkBytes(username, this.state.charset));
    return findUsers(this.connection, usernames, databaseName);
  }

  /** The roles of a user that is to be created: with one of a superuser nobody could rotate it any more. */
  private async checkedRoles({ createWithRoles: roles }: UserChange): Promise<readonly string[] | undefined> {
    const found = roles?.length ? await findUsers(this.connection, roles, this.options.databaseName) : [];
    if (found.some((role) => role?.superuser)) {
      throw new RotationError('configuration', 'a role of the user to be created makes it a superuser of the server, '
        + 'whose secret only the user itself may rotate: leave the role out');
    }
    return roles;
  }

  private alteration(change: UserChange): string[] {
    return [`ALTER ROLE ${quoteIdentifier(change.username)} PASSWORD ${this.passwordOf(change.username, change)}`];
  }

  private creation({ username }: { username: string }, roles: readonly string[] | undefined, password: string): string[] {
    if (roles === undefined) {
      throw noSuchUser();
    }
    const name = quoteIdentifier(username);
    return [
      `CREATE ROLE ${name} LOGIN PASSWORD ${password}`,
      ...roles.map((role) => `GRANT ${quoteIdentifier(role)} TO ${name}`),
    ];
  }

  private passwordOf(username: string, { password, token }: NewPassword): string {
    if (!this.options.plain) {
      return quoteLiteral(scramVerifier(password, saltFor(username, token)));
    }
    if (this.state.encryption !== 'scram-sha-256' && !this.options.allowMd5) {
      throw new RotationError(
        'configuration',
        'the server would store an MD5 hash of the password: set password_encryption to scram-sha-256',
      );
    }
    return quoteLiteral(password);
  }

  private async change(statements: readonly string[], settings: readonly string[] = []): Promise<void> {
    if (this.state.inRecovery || (this.state.beginsReadOnly && await this.holds(READ_ONLY))) {
      throw new RotationError('readOnly', 'the server accepts no changes: it is a replica, or read-only for now '
        + '(default_transaction_read_only of the server or of the database)');
    }
    if (this.state.restricted && !await this.holds(MAY_SET_PASSWORDS)) {
      throw new RotationError(
        'permission',
        'the server lets only members of rds_password set passwords (rds.restrict_password_commands): '
          + `GRANT rds_password TO ${quoteIdentifier(this.state.username)}`,
      );
    }
    // A user whose sessions act as another one must not be that one when it changes itself.
    await this.connection.change(['SET LOCAL ROLE NONE', ...statements], { statements: settings, refused: refusedSettings });
  }

  private async holds(question: string): Promise<boolean> {
    return onlyRow(await this.connection.rows<{ holds: boolean }>(question)).holds;
  }

  /** @param administered the roles that are there already and that the superuser has to administer for it */
  private async changeUsers(
    statements: readonly string[],
    administered: readonly string[],
    settings: readonly string[] = [],
  ): Promise<void> {
    try {
      await this.change(statements, settings);
    } catch (thrown) {
      const error = RotationError.from(thrown);
      throw isMissingRight(error) ? this.missingRight(administered) : error;
    }
  }

  private missingRight(administered: readonly string[]): RotationError {
    const grants = administered.map((role) => `GRANT ${quoteIdentifier(role)} TO <superuser> WITH ADMIN OPTION`).join('; ');
    const remedy = this.state.version < ADMIN_OPTION_SINCE
      ? `it needs CREATEROLE; ${REPLICATION}`
      : `it needs CREATEROLE${grants === '' ? '' : `, and an administrator has to run for it: ${grants}`}`;
    return new RotationError(
      'permission',
      `the database does not let the superuser change the user: ${remedy}`,
      PERMISSION_DENIED,
    );
  }
}

function isMissingRight({ code, errorClass }: RotationError): boolean {
  return code === PERMISSION_DENIED && errorClass === 'permission';
}
