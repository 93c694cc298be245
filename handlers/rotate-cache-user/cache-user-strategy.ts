import type { CacheLogin } from './cache-login';
import { type BoundUser, CacheUserSecret } from './cache-user-secret';
import { type CacheUser, type CacheUsers, INVALID_USER_STATE } from './cache-users';
import type { CacheUserBinding } from '../../src/contract/cache-facts';
import { RotationError } from '../core/rotation-error';
import { bindingOf, type Outcome, type RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';
import { withBackoff } from '../core/with-backoff';
import { generatePassword } from '../database/generate-password';

/** Routes, names and security group rules may take effect only after the first rotation has begun. */
const PROPAGATION = 20_000;

export interface CacheUserStrategyOptions {
  readonly bindings: readonly CacheUserBinding[];
  /** What precedes the id of a user in its ARN. */
  readonly userArnPrefix: string;
  readonly users: CacheUsers;
  /** Present where new passwords are proved at a cluster. */
  readonly login?: CacheLogin;
}

type Bound = CacheUserBinding & BoundUser;

/**
 * Gives a user the new password beside the one that clients hold, which works until the next rotation.
 *
 * The service never tells which passwords a user has, and accepts the same two any number of times.
 */
export class CacheUserStrategy implements RotationStrategy {
  /** The last version whose password this process has set, which a test need not set again. */
  private applied?: string;

  constructor(private readonly options: CacheUserStrategyOptions) {}

  async nextValue(rotation: SecretRotation): Promise<string> {
    const user = this.boundUser(rotation);
    const current = await this.currentSecret(rotation, user);
    return current.withPassword(user, generatePassword(user.password));
  }

  async formerValue(rotation: SecretRotation, former: string): Promise<string> {
    await this.passwords(rotation, this.boundUser(rotation), former);
    return former;
  }

  async apply(rotation: SecretRotation, pendingText: string): Promise<Outcome> {
    const user = this.boundUser(rotation);
    const { held, password } = await this.passwords(rotation, user, pendingText);
    const limits = { deadline: rotation.deadline, patient: true };
    await whileChanging(rotation, async () => {
      await this.activeUser(rotation, user);
      await this.options.users.setPasswords(user.userId, [password, held], limits);
    });
    this.applied = versionOf(rotation);
    return 'done';
  }

  async prove(rotation: SecretRotation, pendingText: string): Promise<void> {
    if (pendingText === await rotation.current()) {
      // Secrets Manager tries out a schedule with the value as it is.
      return this.rehearse(rotation);
    }
    const user = this.boundUser(rotation);
    const { password } = await this.passwords(rotation, user, pendingText);
    if (!this.options.login && this.applied !== versionOf(rotation)) {
      // Without a login nothing shows that this password was set: whoever can invoke the function can ask for this step alone.
      await this.apply(rotation, pendingText);
    }
    const { passwordCount } = await whileChanging(rotation, async () => this.activeUser(rotation, user));
    if (passwordCount !== 2) {
      throw new RotationError(
        'conflict',
        'the user does not have the two passwords that were set: something else has changed it',
      );
    }
    await this.signIn(rotation, user, password);
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    const user = this.boundUser(rotation);
    const { password } = await this.currentSecret(rotation, user);
    await whileChanging(rotation, async () => this.activeUser(rotation, user));
    await this.signIn(rotation, user, password);
  }

  /**
   * Leaves the user the password of AWSCURRENT alone.
   *
   * A rotation may begin at any moment: where this may have taken its new password away, the user gets both.
   */
  async endFormer(rotation: SecretRotation): Promise<'ended' | 'kept'> {
    const user = this.boundUser(rotation);
    const { password } = await this.currentSecret(rotation, user);
    await this.signIn(rotation, user, password);
    const limits = { deadline: rotation.deadline, patient: true };
    return whileChanging(rotation, async () => {
      const { passwordCount } = await this.activeUser(rotation, user);
      if (await rotation.successor()) {
        return 'kept';
      }
      if (passwordCount > 1) {
        await this.options.users.setPasswords(user.userId, [password], limits);
      }
      const successor = await rotation.successor();
      const text = await successor?.text();
      if (text === undefined) {
        return 'ended';
      }
      const next = CacheUserSecret.parse(text, 'the version of a rotation that has begun').password;
      await whileChanging(rotation, async () => {
        await this.activeUser(rotation, user);
        await this.options.users.setPasswords(user.userId, [next, password], limits);
      });
      // Both are in force once the user is active again.
      await whileChanging(rotation, async () => this.activeUser(rotation, user));
      return 'kept';
    });
  }

  private boundUser(rotation: SecretRotation): Bound {
    const binding = bindingOf(rotation, this.options.bindings);
    return { ...binding, arn: `${this.options.userArnPrefix}${binding.userId}` };
  }

  private async currentSecret(rotation: SecretRotation, user: Bound): Promise<CacheUserSecret> {
    const current = CacheUserSecret.parse(await rotation.current(), 'AWSCURRENT');
    const wrong = current.contradictions(user);
    if (wrong.length > 0) {
      throw new RotationError(
        'configuration',
        `AWSCURRENT names another user than the one that the secret is bound to: ${wrong.join(', ')}`,
      );
    }
    return current;
  }

  /** The password that clients hold, and the new one. A pending version that can never be finished loses its label. */
  private async passwords(
    rotation: SecretRotation,
    user: Bound,
    pendingText: string,
  ): Promise<{ held: string; password: string }> {
    const held = (await this.currentSecret(rotation, user)).password;
    const { pending, password } = await readPending(rotation, pendingText);
    if (!pending.isOf(user)) {
      throw await rotation.drop('the pending version names another user than the one that the secret is bound to');
    }
    if (password === held) {
      throw await rotation.drop('the pending version has the password of AWSCURRENT');
    }
    return { held, password };
  }

  private async activeUser(rotation: SecretRotation, { userId, arn, username }: Bound): Promise<CacheUser> {
    const user = await this.options.users.describe(userId, { deadline: rotation.deadline, patient: true });
    if (user.arn !== arn || user.username !== username) {
      throw new RotationError('conflict', 'the service has another user under this id than the one that the secret is bound to');
    }
    if (user.authentication !== 'password') {
      throw new RotationError('configuration', 'the user signs in with IAM or without a password: it has no password to rotate');
    }
    if (user.status !== 'active') {
      throw new RotationError(
        'conflict',
        'the user is being changed, or deleted',
        user.status === 'modifying' ? INVALID_USER_STATE : undefined,
      );
    }
    return user;
  }

  private async signIn({ clock, deadline }: SecretRotation, { username }: Bound, password: string): Promise<void> {
    await withBackoff(async () => this.options.login?.signIn({ username, password }, deadline), {
      clock,
      deadline,
      patience: ({ errorClass }) => errorClass === 'network' || errorClass === 'unavailable' ? PROPAGATION : 0,
    });
  }
}

/** The caller that starts a rotation chooses its token, which may be the same for two secrets. */
function versionOf({ secretArn, token }: SecretRotation): string {
  return `${secretArn}#${token}`;
}

async function readPending(rotation: SecretRotation, text: string): Promise<{ pending: CacheUserSecret; password: string }> {
  try {
    const pending = CacheUserSecret.parse(text, 'AWSPENDING');
    return { pending, password: pending.password };
  } catch {
    throw await rotation.drop('the pending version is not a JSON object with a password that can be set');
  }
}

/** Does something again for as long as the user is being changed and the function has time. */
async function whileChanging<T>({ clock, deadline }: SecretRotation, work: () => Promise<T>): Promise<T> {
  return withBackoff(work, { clock, deadline, patience: ({ code }) => code?.startsWith(INVALID_USER_STATE) ? Infinity : 0 });
}
