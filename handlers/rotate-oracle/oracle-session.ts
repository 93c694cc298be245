import { randomBytes } from 'node:crypto';
import { checkBase, checkCopied, foreignTraits } from './alternate-checks';
import { catalogueName, quoteIdentifier, quotePassword } from './oracle-name';
import type { OracleStatements } from './oracle-statements';
import { checkOrdinaryRoles, findOrdinary, type OracleUser } from './oracle-users';
import { checkMayConnect, checkOpen, unlocking } from './sign-in-obstacles';
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
import type { Phase } from '../database/error-phases';
import { onlyRow } from '../database/only-row';
import { setPassword } from '../database/set-password';

const STATE = 'SELECT SYS_CONTEXT(\'USERENV\', \'SESSION_USER\') AS "username", SYS_CONTEXT(\'USERENV\', \'DATABASE_ROLE\') AS '
  + '"role" FROM sys.dual';
const WRITABLE = 'PRIMARY';
/** The longest that every database accepts. */
const UNKNOWN_PASSWORD_BYTES = 14;
const NOTHING: UserSettings = { defaultRoles: [], quotas: [], synonyms: [] };

const NEEDED = 'CREATE USER, ALTER USER, SELECT_CATALOG_ROLE, for alternating users CREATE ANY SYNONYM and DROP ANY SYNONYM, and '
  + 'to grant what users have: '
  + 'GRANT ANY PRIVILEGE, GRANT ANY ROLE, GRANT ANY OBJECT PRIVILEGE; '
  + 'rights on objects of SYS have to be granted to the alternate user by an administrator who may';

type SignIn = (credentials: Credentials) => Promise<CredentialSession>;

interface State {
  readonly username: string;
  readonly role: string;
}

/** A signed-in user of Oracle Database. */
export class OracleSession implements CredentialSession {
  /** @param signIn signs somebody else in, or the same with another password */
  static async begin(statements: OracleStatements, credentials: Credentials, signIn: SignIn): Promise<OracleSession> {
    const state = onlyRow(await statements.rows<State>(STATE));
    return new OracleSession(statements, state, credentials, signIn);
  }

  private constructor(
    private readonly statements: OracleStatements,
    private readonly state: State,
    private readonly credentials: Credentials,
    private readonly signIn: SignIn,
  ) {}

  /** The name as the secret writes it, where it is the one that has signed in. */
  get identity(): Identity {
    const { username } = this.credentials;
    return { username: catalogueName(username) === this.state.username ? username : this.state.username };
  }

  async changeOwnPassword({ password }: NewPassword): Promise<void> {
    // A profile whose function compares the two passwords demands the former one, which it sees only in this clause.
    const statement = `${setting(this.state.username, password)} REPLACE ${quotePassword(this.credentials.password)}`;
    await this.setPassword(statement, { username: this.credentials.username, password });
  }

  async changeUser(change: UserChange): Promise<void> {
    const name = catalogueName(change.username);
    await this.asSuperuser([name], async () => {
      const user = await findOrdinary(this.statements, name);
      if (user) {
        checkOpen(user, 'the user');
        await checkMayConnect(this.statements, user);
        await this.setPassword(`${setting(name, change.password)}${unlocking(user)}`, change);
      } else {
        await this.create(name, change);
      }
    });
  }

  async changeAlternate(change: AlternateChange): Promise<void> {
    const [baseName, name] = [catalogueName(change.base), catalogueName(change.username)];
    await this.asSuperuser([baseName, name], async () => {
      const [found, user] = [await findOrdinary(this.statements, baseName), await findOrdinary(this.statements, name)];
      if (user) {
        checkOpen(user, 'the alternate user');
      }
      await this.alternate(found ? await this.checked(found) : await this.createBase(baseName, user, change), user, name, change);
    });
  }

  async close(): Promise<void> {
    await this.statements.close();
  }

  /** The base, where an alternate user may be made of it: one of a base that was switched off would go on where that may not. */
  private async checked(base: OracleUser): Promise<OracleUser> {
    checkOpen(base, 'the base');
    await checkMayConnect(this.statements, base);
    checkBase(base);
    await checkCopied(this.statements, base);
    return base;
  }

  private async createBase(name: string, alternate: OracleUser | undefined, change: AlternateChange): Promise<OracleUser> {
    if (alternate) {
      throw new RotationError('conflict', 'the alternate user exists, and its base does not: drop or rename it');
    }
    await this.create(name, { ...change, password: randomBytes(UNKNOWN_PASSWORD_BYTES).toString('hex') });
    return (await findOrdinary(this.statements, name))!;
  }

  private async alternate(
    base: OracleUser, user: OracleUser | undefined, name: string, change: AlternateChange,
  ): Promise<void> {
    const wanted = {
      rights: await readRights(this.statements, base.username),
      settings: await readSettings(this.statements, base.username),
    };
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
      await this.setPassword(`${setting(name, change.password)}${unlocking(user)}`, change);
    } else {
      await this.change([
        `CREATE USER ${quoteIdentifier(name)} IDENTIFIED BY ${quotePassword(change.password)} ${placeOf(base)}`,
      ], 'password');
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
      + `IDENTIFIED BY ${quotePassword(password)}`], 'password');
  }

  private async setPassword(statement: string, { username, password }: Credentials): Promise<void> {
    await setPassword(async () => this.change([statement], 'password'), async () => this.signIn({ username, password }));
  }

  /** Statements one after the other: each takes effect at once, and all may be repeated. */
  private async change(statements: readonly string[], phase?: Phase): Promise<void> {
    if (this.state.role !== WRITABLE) {
      throw new RotationError('readOnly', 'the database accepts no changes: it is a standby');
    }
    for (const statement of statements) {
      await this.statements.run(statement, phase);
    }
  }

  private async asSuperuser(users: readonly string[], work: () => Promise<void>): Promise<void> {
    await asSuperuser({ superuser: this.state.username, users, needs: NEEDED }, work);
  }
}

function setting(name: string, password: string): string {
  return `ALTER USER ${quoteIdentifier(name)} IDENTIFIED BY ${quotePassword(password)}`;
}
