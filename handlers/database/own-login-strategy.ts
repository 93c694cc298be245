import { checkIdentity, checkLocation, checkNext, type DatabasePorts, inSession, readPending, signIn } from './database-ports';
import { DatabaseSecret } from './database-secret';
import { generatePassword } from './generate-password';
import { newestOf } from './newest-version';
import { type Candidate, signInAsAny } from './sign-in-as-any';
import type { PasswordRules } from '../../src/contract/password-rules';
import { RotationError } from '../core/rotation-error';
import type { Outcome, RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';
import { CURRENT, PREVIOUS } from '../core/secret-store';

export interface OwnLoginStrategyOptions extends DatabasePorts {
  readonly password: PasswordRules;
}

interface Version {
  readonly versionId: string;
  readonly secret: DatabaseSecret;
  readonly password: string;
}

/** Rotates a user with its own credentials: what the secret holds has to prove itself by signing in. */
export class OwnLoginStrategy implements RotationStrategy {
  constructor(private readonly options: OwnLoginStrategyOptions) {}

  async nextValue(rotation: SecretRotation): Promise<string> {
    const { located } = await this.currentSecret(rotation);
    return checkNext(located.withPassword(generatePassword(this.options.password)), this.options);
  }

  async formerValue(rotation: SecretRotation, former: string): Promise<string> {
    const { current, located } = await this.currentSecret(rotation);
    const { databaseName } = await this.pendingSecret(rotation, former, current);
    if (databaseName !== located.databaseName) {
      // Whether the user is let in there would show only once AWSCURRENT has stopped to work.
      throw new RotationError('configuration', 'AWSPREVIOUS names another database (dbname) than AWSCURRENT');
    }
    return former;
  }

  async apply(rotation: SecretRotation, pendingText: string): Promise<Outcome> {
    const { current, located, origin } = await this.currentSecret(rotation);
    const pending = await this.pendingSecret(rotation, pendingText, current);
    const { candidate, session } = await signInAsAny(this.options.target, rotation, {
      current: current === located ? current.credentials : undefined,
      pending: pending.credentials,
      origin: origin && candidateOf(origin, pending),
      other: async (versionId) => {
        const version = await this.otherVersion(rotation, versionId, current);
        return version && candidateOf(version, pending);
      },
    });
    return inSession(session, async () => {
      checkIdentity(session, pending.username);
      if (candidate.versionId === rotation.token) {
        return 'already done';
      }
      await session.changeOwnPassword({ password: pending.password, token: rotation.token });
      return 'done';
    });
  }

  async prove(rotation: SecretRotation, pendingText: string): Promise<void> {
    if (pendingText === await rotation.current()) {
      // Secrets Manager tries out a schedule with the value as it is.
      return this.rehearse(rotation);
    }
    const { current } = await this.currentSecret(rotation);
    await this.signInAs(rotation, await this.pendingSecret(rotation, pendingText, current));
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    const { located } = await this.currentSecret(rotation);
    await this.signInAs(rotation, located);
  }

  private async signInAs(rotation: SecretRotation, secret: DatabaseSecret): Promise<void> {
    const session = await signIn(this.options.target, secret, rotation);
    await inSession(session, async () => checkIdentity(session, secret.username));
  }

  /**
   * AWSCURRENT, and the same completed with the location of its database.
   *
   * A value that the deployment has made anew has no location. An earlier version has, and perhaps the password in force.
   */
  private async currentSecret(
    rotation: SecretRotation,
  ): Promise<{ current: DatabaseSecret; located: DatabaseSecret; origin?: Version }> {
    const current = DatabaseSecret.parse(await rotation.current(), 'AWSCURRENT');
    checkLocation(current, 'AWSCURRENT', this.options);
    this.options.target.checkUsername(current.username);
    if (current.isLocated) {
      return { current, located: current };
    }
    const origin = await this.locatedVersion(rotation, current);
    if (!origin) {
      throw new RotationError(
        'configuration',
        'AWSCURRENT does not name engine and host: a function that proves credentials accepts no others',
      );
    }
    return { current, located: origin.secret.overlaidWith(current), origin };
  }

  private async pendingSecret(rotation: SecretRotation, text: string, current: DatabaseSecret): Promise<DatabaseSecret> {
    const pending = await readPending(text, rotation, this.options);
    if (!pending.isLocated) {
      throw await rotation.drop('the pending version does not name engine and host');
    }
    if (pending.username !== current.username) {
      throw await rotation.drop('the pending version names another user than AWSCURRENT');
    }
    return pending;
  }

  /** AWSPREVIOUS, or the newest of the versions that are left, if it is for this database and the same user. */
  private async locatedVersion(rotation: SecretRotation, current: DatabaseSecret): Promise<Version | undefined> {
    const previousId = rotation.versionWith(PREVIOUS);
    const previous = previousId === undefined ? undefined : await this.otherVersion(rotation, previousId, current);
    if (previous) {
      return previous;
    }
    const known = [previousId, rotation.versionWith(CURRENT), rotation.token];
    const others = (await rotation.versions()).filter(({ versionId }) => !known.includes(versionId));
    return newestOf(others, async (versionId) => this.otherVersion(rotation, versionId, current));
  }

  /** Another version, if it is for this database and the same user. */
  private async otherVersion(rotation: SecretRotation, versionId: string, current: DatabaseSecret): Promise<Version | undefined> {
    const text = await rotation.value(versionId);
    try {
      const secret = DatabaseSecret.parse(text ?? '', 'a former version');
      checkLocation(secret, 'a former version', this.options);
      return secret.isLocated && secret.username === current.username
        ? { versionId, secret, password: secret.password }
        : undefined;
    } catch {
      return undefined;
    }
  }
}

/** For logins to the database of the pending value: the database of a former value may be gone. */
function candidateOf({ versionId, password }: Version, pending: DatabaseSecret): Candidate {
  return { versionId, credentials: { ...pending.credentials, password } };
}
