import { randomBytes } from 'node:crypto';
import type { Document } from 'mongodb';
import type { DocumentdbConnection } from './documentdb-connection';
import { checkAlternate, checkNowhereElse, checkOrdinary, type DocumentdbUser, findUser } from './documentdb-users';
import { SCRAM_SHA_1, SCRAM_SHA_256 } from './scram-login';
import { checkMaySignInFromHere } from './sign-in-restrictions';
import { parseRole } from '../../src/contract/administrator-roles';
import { RotationError } from '../core/rotation-error';
import { asSuperuser, noSuchUser } from '../database/as-superuser';
import type {
  AlternateChange, Credentials, CredentialSession, Identity, NewPassword, UserChange,
} from '../database/credential-target';
import { setPassword } from '../database/set-password';

const UNKNOWN_PASSWORD_BYTES = 32;

const NOT_ITSELF = 'the database does not let the user change its own password: it needs a role with the action '
  + 'changeOwnPassword, '
  + 'or a rotation with a superuser';

/** A signed-in user of Amazon DocumentDB or MongoDB. */
export class DocumentdbSession implements CredentialSession {
  /** Reads the user that has signed in, as an application would first. */
  static async begin(
    connection: DocumentdbConnection,
    database: string,
    /** Signs somebody else in, or the same with another password. */
    signIn: (credentials: Credentials) => Promise<CredentialSession>,
  ): Promise<DocumentdbSession> {
    const { authInfo } = await connection.run({ connectionStatus: 1 });
    const users: unknown = (authInfo as Document | undefined)?.authenticatedUsers;
    const [user, ...more] = Array.isArray(users) ? users as Document[] : [];
    if (typeof user?.user !== 'string' || user.db !== database || more.length > 0) {
      throw new RotationError(
        'conflict',
        'the database does not say that exactly one user has signed in, of the database that users belong to',
      );
    }
    return new DocumentdbSession(connection, database, user.user, signIn);
  }

  private constructor(
    private readonly connection: DocumentdbConnection,
    private readonly database: string,
    private readonly username: string,
    private readonly signIn: (credentials: Credentials) => Promise<CredentialSession>,
  ) {}

  /** The roles of the alternate user are copies of its base's. */
  get identity(): Identity {
    return { username: this.username };
  }

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    try {
      const command = { updateUser: this.username, pwd: password, ...limitOf(this.connection.mechanisms) };
      await this.setPassword({ username: this.username, password }, command);
    } catch (thrown) {
      const error = RotationError.from(thrown);
      throw error.errorClass === 'permission' ? new RotationError('permission', NOT_ITSELF, error.code) : error;
    }
  }

  async changeUser({ username, password, createWithRoles }: UserChange): Promise<void> {
    await this.asSuperuser([username], async () => {
      const user = await this.findOrdinary(username);
      if (user) {
        await checkMaySignInFromHere(this.connection, user);
        await this.setPassword({ username, password }, { updateUser: username, pwd: password, ...limitOf(user.mechanisms) });
      } else {
        await this.create(username, password, createWithRoles);
      }
    });
  }

  async changeAlternate({ username, base: baseName, password, createWithRoles }: AlternateChange): Promise<void> {
    await this.asSuperuser([baseName, username], async () => {
      const [found, alternate] = [await this.findOrdinary(baseName), await this.findOrdinary(username)];
      if (found) {
        await checkMaySignInFromHere(this.connection, found);
      }
      if (alternate) {
        checkAlternate(alternate, found ?? { roles: [] });
      }
      const base = found
        ?? await this.create(baseName, randomBytes(UNKNOWN_PASSWORD_BYTES).toString('hex'), createWithRoles);
      await this.setPassword({ username, password }, {
        [alternate ? 'updateUser' : 'createUser']: username,
        pwd: password,
        roles: base.roles,
        ...limitOf(base.mechanisms),
        ...traitsOf(base, alternate),
      });
    });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async create(username: string, password: string, roles: readonly string[] | undefined): Promise<DocumentdbUser> {
    if (roles === undefined) {
      throw noSuchUser();
    }
    const user = { roles: roles.map((role) => parseRole(role, this.database)), mechanisms: [], inheritedRestrictions: [] };
    await checkOrdinary(this.connection, user.roles);
    await checkNowhereElse(this.connection, username);
    await this.change({ createUser: username, pwd: password, roles: user.roles });
    return user;
  }

  private async findOrdinary(username: string): Promise<DocumentdbUser | undefined> {
    const user = await findUser(this.connection, username, this.database);
    if (user) {
      await checkOrdinary(this.connection, user.roles);
    }
    return user;
  }

  private async change(command: Document): Promise<void> {
    if (!this.connection.isPrimary) {
      throw new RotationError('readOnly', 'the server accepts no changes: it is not the primary');
    }
    await this.connection.run(command, 'password');
  }

  private async setPassword(credentials: Credentials, command: Document): Promise<void> {
    await setPassword(async () => this.change(command), async () => this.signIn(credentials));
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.username, users, needs: 'the role userAdminAnyDatabase, or root' }, work);
  }
}

/** A user that may not use the older method stays so: a new password would otherwise be stored for both. */
function limitOf(mechanisms: readonly string[]): { mechanisms?: string[] } {
  return mechanisms.includes(SCRAM_SHA_256) && !mechanisms.includes(SCRAM_SHA_1) ? { mechanisms: [SCRAM_SHA_256] } : {};
}

/** What a user has besides its roles, and an alternate user as well: also nothing, where that has something. */
function traitsOf({ restrictions, customData }: DocumentdbUser, alternate: DocumentdbUser | undefined): Document {
  const differs = (one: unknown, other: unknown, nothing: unknown): boolean =>
    JSON.stringify(one ?? nothing) !== JSON.stringify(other ?? nothing);
  return {
    ...differs(restrictions, alternate?.restrictions, []) ? { authenticationRestrictions: restrictions } : {},
    ...differs(customData, alternate?.customData, {}) ? { customData: customData ?? {} } : {},
  };
}
