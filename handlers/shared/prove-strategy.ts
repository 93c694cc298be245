import { acceptLocation, checkIdentity, checkLocation, type DatabasePorts, inSession, signIn } from './database-ports';
import { DatabaseSecret } from './database-secret';
import { generatePassword } from './generate-password';
import type { Rotation } from './rotation';
import { RotationError } from './rotation-error';
import type { Outcome, RotationStrategy } from './rotation-strategy';
import { PREVIOUS } from './secret-store';
import { type Candidate, signInAsAny } from './sign-in-as-any';
import type { PasswordRules } from '../../src/private/handler-contract';

export interface ProveStrategyOptions extends DatabasePorts {
  readonly password: PasswordRules;
}

/** Rotates a user with its own credentials: what the secret holds has to prove itself by signing in. */
export class ProveStrategy implements RotationStrategy {
  constructor(private readonly options: ProveStrategyOptions) {}

  public async nextValue(rotation: Rotation): Promise<string> {
    const { located } = await this.currentSecret(rotation);
    return located.withPassword(generatePassword(this.options.password));
  }

  public async apply(rotation: Rotation, pendingText: string): Promise<Outcome> {
    const { current, located } = await this.currentSecret(rotation);
    const pending = await this.pendingSecret(rotation, pendingText, current);
    const { candidate, session } = await signInAsAny(this.options.target, rotation, {
      current: current === located ? current : undefined,
      pending,
      other: async (versionId) => this.otherVersion(rotation, versionId, current),
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

  public async prove(rotation: Rotation, pendingText: string): Promise<void> {
    const { current } = await this.currentSecret(rotation);
    await this.signInAs(rotation, await this.pendingSecret(rotation, pendingText, current));
  }

  public async rehearse(rotation: Rotation): Promise<void> {
    const { located } = await this.currentSecret(rotation);
    await this.signInAs(rotation, located);
  }

  private async signInAs(rotation: Rotation, secret: DatabaseSecret): Promise<void> {
    const session = await signIn(this.options.target, secret, rotation);
    await inSession(session, async () => checkIdentity(session, secret.username));
  }

  /**
   * AWSCURRENT, and the same with where its database is.
   *
   * A value that the deployment has made anew has lost that; the one before it still knows.
   */
  private async currentSecret(rotation: Rotation): Promise<{ current: DatabaseSecret; located: DatabaseSecret }> {
    const current = DatabaseSecret.parse(await rotation.current(), 'AWSCURRENT');
    checkLocation(current, 'AWSCURRENT', this.options);
    this.options.target.checkUsername(current.username);
    if (current.isLocated) {
      return { current, located: current };
    }
    const previousId = rotation.versionWith(PREVIOUS);
    const previous = previousId === undefined ? undefined : await this.otherVersion(rotation, previousId, current);
    if (!previous) {
      throw new RotationError('configuration', 'AWSCURRENT does not name engine and host: a function that proves credentials accepts no others');
    }
    return { current, located: previous.secret.overlaidWith(current) };
  }

  private async pendingSecret(rotation: Rotation, text: string, current: DatabaseSecret): Promise<DatabaseSecret> {
    const pending = DatabaseSecret.parse(text, 'AWSPENDING');
    await acceptLocation(pending, rotation, this.options);
    if (!pending.isLocated) {
      throw await rotation.drop('the pending version does not name engine and host');
    }
    if (pending.username !== current.username) {
      throw await rotation.drop('the pending version names another user than AWSCURRENT');
    }
    return pending;
  }

  /** Another version, if it is for this database and the same user. */
  private async otherVersion(rotation: Rotation, versionId: string, current: DatabaseSecret): Promise<Candidate | undefined> {
    const text = await rotation.value(versionId);
    try {
      const secret = DatabaseSecret.parse(text ?? '', 'a former version');
      checkLocation(secret, 'a former version', this.options);
      return secret.isLocated && secret.username === current.username ? { versionId, secret } : undefined;
    } catch {
      return undefined;
    }
  }
}
