import { alternateStatements } from './alternate-statements';
import { md5Hash } from './password-proof';
import type { RedshiftConnection } from './redshift-connection';
import { ALTERNATES_GROUP, checkAlternate, checkNotMasked, checkOrdinary, findUser, groupExists } from './redshift-users';
import { RotationError } from '../core/rotation-error';
import { checkOthers, noSuchUser } from '../database/as-superuser';
import type { AlternateChange, CredentialSession, Identity, NewPassword, UserChange } from '../database/credential-target';
import { quoteIdentifier } from '../postgresql-protocol/quoting';

const STATE = 'SELECT session_user AS username, version() AS version';
const REDSHIFT_VERSION = /\bRedshift \d/;
/** Names of objects are exactly what is written in quotation marks. */
const CASE_SENSITIVE = 'SET enable_case_sensitive_identifier TO true';
const PERMISSION_DENIED = '42501';

/** A signed-in user of Amazon Redshift. */
export class RedshiftSession implements CredentialSession {
  /** Reads who it is, and whether the server is what the deployment says. */
  static async begin(connection: RedshiftConnection): Promise<RedshiftSession> {
    const [{ username, version }] = await connection.rows<{ username: string; version: string }>(STATE);
    if (!REDSHIFT_VERSION.test(version)) {
      throw new RotationError('configuration', 'the server is not Amazon Redshift, the engine that the deployment names');
    }
    return new RedshiftSession(connection, { username });
  }

  private constructor(private readonly connection: RedshiftConnection, readonly identity: Identity) {}

  async changeOwnPassword(change: NewPassword): Promise<void> {
    await this.connection.change([alteration(this.identity.username, change)]);
  }

  async changeUser(change: UserChange): Promise<void> {
    checkOthers(this.identity.username, [change.username]);
    await this.asSuperuser(async () => {
      const user = await findUser(this.connection, change.username);
      if (user) {
        checkOrdinary(user);
      }
      await this.connection.change(
        user ? [alteration(change.username, change)] : creation(change.username, change, change.createWithRoles),
      );
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const { base, username, createWithRoles } = change;
    checkOthers(this.identity.username, [base, username]);
    await this.asSuperuser(async () => {
      const alternate = await findUser(this.connection, username);
      if (alternate) {
        checkAlternate(alternate);
      }
      const baseUser = await findUser(this.connection, base);
      if (baseUser) {
        checkOrdinary(baseUser);
        await checkNotMasked(this.connection, base);
      } else {
        await this.connection.change(creation(base, undefined, createWithRoles));
      }
      await this.connection.change(alternate ? [alteration(username, change)] : [
        ...await groupExists(this.connection, ALTERNATES_GROUP) ? [] : [`CREATE GROUP ${quoteIdentifier(ALTERNATES_GROUP)}`],
        ...creation(username, change, []),
        `ALTER GROUP ${quoteIdentifier(ALTERNATES_GROUP)} ADD USER ${quoteIdentifier(username)}`,
      ]);
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

function alteration(username: string, { password }: NewPassword): string {
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
