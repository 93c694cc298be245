import { randomBytes } from 'node:crypto';
import { codeOfNumber } from './oracle-error';
import { catalogueName, quoteIdentifier, quotePassword } from './oracle-name';
import type { OracleStatements } from './oracle-statements';
import { checkBase, checkOrdinaryRoles, findOrdinary, foreignTraits, type OracleUser } from './oracle-users';
import { grantStatement, readRights, rightsBeyond } from './user-rights';
import { placeOf, readSettings, settingChanges, type UserSettings } from './user-settings';
import { RotationError } from '../core/rotation-error';
import { asSuperuser, noSuchUser } from '../database/as-superuser';
import type {
  AlternateChange,
  Credentials,
  CredentialSession,
  Identity,
  NewPassword,
  UserChange,
} from '../database/credential-target';

const STATE = 'SELECT SYS_CONTEXT(\'USERENV\', \'SESSION_USER\') AS "username", SYS_CONTEXT(\'USERENV\', \'DATABASE_ROLE\') AS '
  + '"role" FROM sys.dual';
const WRITABLE = 'PRIMARY';
const USED_BEFORE = codeOfNumber(28007);
/** The longest that every database accepts. */
const UNKNOWN_PASSWORD_BYTES = 14;
const NOTHING: UserSettings = { defaultRoles: [], quotas: [], synonyms: [] };

const NEEDED = 'CREATE USER, ALTER USER, SELECT_CATALOG_ROLE, for alternating users CREATE ANY SYNONYM and DROP ANY SYNONYM, and '
  + 'to grant what users have: '
  + 'GRANT ANY PRIVILEGE, GRANT ANY ROLE, GRANT ANY OBJECT PRIVILEGE; '
  + 'rights on objects of SYS have to be granted to the alternate user by an administrator who may';

interface State {
  readonly username: string;
  readonly role: string;
}

/** A signed-in user of Oracle Database. */
export class OracleSession implements CredentialSession {
  static async begin(statements: OracleStatements, credentials: Credentials): Promise<OracleSession> {
    const [state] = await statements.rows<State>(STATE);
    return new OracleSession(statements, state, credentials);
  }

  private constructor(
    private readonly statements: OracleStatements,
    private readonly state: State,
    private readonly credentials: Credentials,
  ) {}

  /** The name as the secret writes it, where it is the one that has signed in. */
  get identity(): Identity {
    const { username } = this.credentials;
    return { username: catalogueName(username) === this.state.username ? username : this.state.username };
  }

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    // A profile whose function compares the two passwords demands the former one, which it sees only in this clause.
    await this.change([`${this.setting(this.state.username, password)} REPLACE ${quotePassword(this.credentials.password)}`]);
  }

  async changeUser(change: UserChange): Promise<void> {
    const name = catalogueName(change.username);
    await this.asSuperuser([name], async () => {
      if (await findOrdinary(this.statements, name)) {
        await this.setPassword(name, change);
      } else {
        await this.create(name, change);
      }
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const [baseName, name] = [catalogueName(change.base), catalogueName(change.username)];
    await this.asSuperuser([baseName, name], async () => {
      let base = await findOrdinary(this.statements, baseName);
      if (!base) {
        await this.create(baseName, { ...change, password: randomBytes(UNKNOWN_PASSWORD_BYTES).toString('hex') });
        base = (await findOrdinary(this.statements, baseName))!;
      }
      checkBase(base);
      await this.alternate(base, name, change);
    });
  }

  async close(): Promise<void> {
    await this.statements.close();
  }

  private async alternate(base: OracleUser, name: string, change: AlternateChange): Promise<void> {
    const wanted = {
      rights: await readRights(this.statements, base.username),
      settings: await readSettings(this.statements, base.username),
    };
    const user = await findOrdinary(this.statements, name);
    const former = user
      ? { rights: await readRights(this.statements, name), settings: await readSettings(this.statements, name) }
      : { rights: [], settings: NOTHING };
    if (user) {
      const beyond = rightsBeyond(former.rights, wanted.rights).length > 0;
      const foreign = [...foreignTraits(user), ...beyond ? ['it has rights that its base does not have'] : []];
      if (foreign.length > 0) {
        throw new RotationError(
          'conflict',
          `the alternate user exists and is not one that this function made: ${foreign.join(', ')}; drop or rename it`,
        );
      }
      await this.change(placeOf(user) === placeOf(base) ? [] : [`ALTER USER ${quoteIdentifier(name)} ${placeOf(base)}`]);
      await this.setPassword(name, change);
    } else {
      await this.change([
        `CREATE USER ${quoteIdentifier(name)} IDENTIFIED BY ${quotePassword(change.password)} ${placeOf(base)}`,
      ]);
    }
    await this.change(rightsBeyond(wanted.rights, former.rights).map((right) => grantStatement(right, name)));
    // Roles granted just now may be default roles already: to a new user, all of its roles are.
    const { defaultRoles } = await readSettings(this.statements, name);
    await this.change(settingChanges(name, { ...former.settings, defaultRoles }, wanted.settings));
  }

  /** One statement, so that nobody finds a user without its rights: GRANT also makes the user. */
  private async create(
    name: string,
    { password, createWithRoles }: Pick<UserChange, 'password' | 'createWithRoles'>,
  ): Promise<void> {
    if (createWithRoles === undefined) {
      throw noSuchUser();
    }
    const roles = createWithRoles.map(catalogueName);
    await checkOrdinaryRoles(this.statements, roles);
    await this.change([`GRANT ${['CREATE SESSION', ...roles.map(quoteIdentifier)].join(', ')} TO ${quoteIdentifier(name)} `
      + `IDENTIFIED BY ${quotePassword(password)}`]);
  }

  private async setPassword(name: string, { password }: NewPassword): Promise<void> {
    try {
      await this.change([this.setting(name, password)]);
    } catch (thrown) {
      // Passwords are random: one that has been used was set by an earlier attempt at this step. The test signs in with it.
      if (RotationError.from(thrown).code !== USED_BEFORE) {
        throw thrown;
      }
    }
  }

  private setting(name: string, password: string): string {
    return `ALTER USER ${quoteIdentifier(name)} IDENTIFIED BY ${quotePassword(password)}`;
  }

  /** Statements one after the other: each takes effect at once, and all may be repeated. */
  private async change(statements: readonly string[]): Promise<void> {
    if (this.state.role !== WRITABLE) {
      throw new RotationError('readOnly', 'the database accepts no changes: it is a standby');
    }
    for (const statement of statements) {
      await this.statements.run(statement);
    }
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.state.username, users, needs: NEEDED }, work);
  }
}
