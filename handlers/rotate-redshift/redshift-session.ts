import { alternateStatements } from './alternate-statements';
import { checkCopied } from './not-copied';
import { md5Hash } from './password-proof';
import type { RedshiftConnection } from './redshift-connection';
import {
  ALTERNATES_GROUP, checkAlternate, checkOrdinary, checkRoles, findUser, groupExists, type RedshiftUser,
} from './redshift-users';
import { checkDatabase, checkMaySignIn } from './sign-in-obstacles';
import { RotationError } from '../core/rotation-error';
import { checkOthers, noSuchUser } from '../database/as-superuser';
import type {
  AlternateChange, Credentials, CredentialSession, Identity, NewPassword, UserChange,
} from '../database/credential-target';
import { onlyRow } from '../database/only-row';
import { setPassword } from '../database/set-password';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

const STATE = 'SELECT session_user AS username, version() AS version';
const REDSHIFT_VERSION = /\bRedshift \d/;
/** Names of objects are exactly what is written in quotation marks. */
const CASE_SENSITIVE = 'SET enable_case_sensitive_identifier TO true';
const PERMISSION_DENIED = '42501';

/** How a session came about. */
export interface SessionOrigin {
  /** Database of the session. */
  readonly databaseName: string;
  /** Signs somebody else in, or the same with another password. */
  readonly signIn: (credentials: Credentials) => Promise<CredentialSession>;
}

/** A signed-in user of Amazon Redshift. */
export class RedshiftSession implements CredentialSession {
  /** Reads who it is, and whether the server is what the deployment says. */
  static async begin(connection: RedshiftConnection, origin: SessionOrigin): Promise<RedshiftSession> {
    const { username, version } = onlyRow(await connection.rows<{ username: string; version: string }>(STATE));
    if (!REDSHIFT_VERSION.test(version)) {
      throw new RotationError('configuration', 'the server is not Amazon Redshift, the engine that the deployment names');
    }
    return new RedshiftSession(connection, { username }, origin);
  }

  private constructor(
    private readonly connection: RedshiftConnection, readonly identity: Identity, private readonly origin: SessionOrigin,
  ) {}

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    await this.alter({ username: this.identity.username, password, databaseName: this.origin.databaseName });
  }

  async changeUser(change: UserChange): Promise<void> {
    checkOthers(this.identity.username, [change.username]);
    await this.asSuperuser(async () => {
      const user = await findUser(this.connection, change.username);
      await this.checkDatabase(change);
      if (user) {
        checkOrdinary(user);
        checkMaySignIn(user, 'the user');
        await this.alter(change);
      } else {
        await checkRoles(this.connection, change.createWithRoles);
        await this.connection.change(creation(change.username, change, change.createWithRoles), 'password');
      }
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const { base, username, createWithRoles } = change;
    checkOthers(this.identity.username, [base, username]);
    await this.asSuperuser(async () => {
      const alternate = await findUser(this.connection, username);
      const baseUser = await findUser(this.connection, base);
      if (alternate) {
        checkAlternate(alternate);
      }
      await this.checkDatabase(change);
      if (baseUser) {
        await this.checkBase(baseUser, base);
      } else {
        await checkRoles(this.connection, createWithRoles);
        await this.connection.change(creation(base, undefined, createWithRoles));
      }
      if (alternate) {
        await this.alter(change);
      } else {
        await this.connection.change([
          ...await groupExists(this.connection, ALTERNATES_GROUP) ? [] : [`CREATE GROUP ${quoteIdentifier(ALTERNATES_GROUP)}`],
          ...creation(username, change, []),
          `ALTER GROUP ${quoteIdentifier(ALTERNATES_GROUP)} ADD USER ${quoteIdentifier(username)}`,
        ], 'password');
      }
      // The rights are compared once both users exist, so that an abandoned attempt is continued.
      const { together, alone } = await alternateStatements(this.connection, base, username);
      if (together.length > 0) {
        await this.connection.change(together);
      }
      await this.connection.changeSingly(alone);
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** The limits of the base will be those of its alternate user. */
  private async checkBase(base: RedshiftUser, username: string): Promise<void> {
    checkOrdinary(base);
    checkMaySignIn(base, 'the base');
    await checkCopied(this.connection, username);
  }

  private async checkDatabase({ databaseName }: UserChange): Promise<void> {
    if (databaseName !== undefined && databaseName !== this.origin.databaseName) {
      await checkDatabase(this.connection, databaseName);
    }
  }

  private async alter({ username, password, databaseName }: Credentials): Promise<void> {
    await setPassword(
      async () => this.connection.change([alteration(username, password)], 'password'),
      async () => this.origin.signIn({ username, password, databaseName }),
    );
  }

  private async asSuperuser(work: () => Promise<void>): Promise<void> {
    try {
      await this.connection.changeSingly([CASE_SENSITIVE]);
      await work();
    } catch (thrown) {
      const error = RotationError.from(thrown);
      throw error.code === PERMISSION_DENIED && error.errorClass === 'permission'
        ? new RotationError(
          'permission',
          'the database does not let the superuser change the user: it has to be a superuser of the cluster',
          PERMISSION_DENIED,
        )
        : error;
    }
  }
}

function alteration(username: string, password: string): string {
  return `ALTER USER ${quoteIdentifier(username)} PASSWORD '${md5Hash(username, password)}'`;
}

/** Without a password the user cannot sign in until it gets one. */
function creation(username: string, change: NewPassword | undefined, roles: readonly string[] | undefined): string[] {
  if (roles === undefined) {
    throw noSuchUser();
  }
  const name = quoteIdentifier(username);
  return [
    `CREATE USER ${name} PASSWORD ${change ? `'${md5Hash(username, change.password)}'` : 'DISABLE'}`,
    ...roles.map((role) => `GRANT ROLE ${quoteIdentifier(role)} TO ${name}`),
  ];
}
