import type { CredentialSession } from './credential-target';
import { checkIdentity, checkLocation, type DatabasePorts, inSession, readPending, signIn } from './database-ports';
import { DatabaseSecret } from './database-secret';
import { generatePassword } from './generate-password';
import { signInAsSuperuser } from './sign-in-as-superuser';
import { ALTERNATE_USER_SUFFIX, type UserBinding } from '../../src/contract/database-facts';
import type { PasswordRules } from '../../src/contract/password-rules';
import { RotationError } from '../core/rotation-error';
import { bindingOf, type Outcome, type RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';

export interface SuperuserStrategyOptions extends DatabasePorts {
  readonly password: PasswordRules;
  readonly bindings: readonly UserBinding[];
  /** ARN of the superuser's secret. */
  readonly superuserSecret: string;
}

/** Rotates the users that the deployment has bound to it, with a superuser's credentials; a secret chooses nothing. */
export class SuperuserStrategy implements RotationStrategy {
  constructor(private readonly options: SuperuserStrategyOptions) {}

  async nextValue(rotation: SecretRotation): Promise<string> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    return current.locatedAt(this.options.facts, {
      username: nextUsername(binding, current.username),
      password: generatePassword(this.options.password),
    });
  }

  async apply(rotation: SecretRotation, pendingText: string): Promise<Outcome> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    const pending = await this.pendingSecret(rotation, pendingText, nextUsername(binding, current.username));
    const { username, password } = pending;
    const change = {
      username,
      password,
      token: rotation.token,
      createWithRoles: binding.createWithRoles,
      ...retained(binding, current),
    };
    await this.asSuperuser(rotation, async (session) => {
      if (username === binding.username) {
        await session.changeUser(change);
      } else {
        await session.changeAlternate({ ...change, base: binding.username });
      }
    });
    return 'done';
  }

  async prove(rotation: SecretRotation, pendingText: string): Promise<void> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    if (pendingText === await rotation.current()) {
      // Secrets Manager tries out a schedule with the value as it is: the user may not even exist yet.
      return this.rehearse(rotation);
    }
    const pending = await this.pendingSecret(rotation, pendingText, nextUsername(binding, current.username));
    const session = await signIn(this.options.target, pending, rotation);
    await inSession(session, async () =>
      checkIdentity(session, pending.username, binding.strategy === 'alternating' ? binding.username : undefined),
    );
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    await this.currentSecret(rotation, this.bindingOf(rotation));
    await this.asSuperuser(rotation, async () => undefined);
  }

  private bindingOf(rotation: SecretRotation): UserBinding {
    const binding = bindingOf(rotation, this.options.bindings);
    if (rotation.mayBe(this.options.superuserSecret)) {
      throw new RotationError(
        'configuration',
        "the superuser's own secret is rotated by a function that proves credentials, not by this one",
      );
    }
    this.options.target.checkUsername(binding.username);
    if (binding.strategy === 'alternating') {
      this.options.target.checkUsername(alternateOf(binding));
    }
    if (binding.strategy === 'dualPassword') {
      this.options.target.checkTwoPasswords();
    }
    return binding;
  }

  private async currentSecret(rotation: SecretRotation, binding: UserBinding): Promise<DatabaseSecret> {
    const current = DatabaseSecret.parse(await rotation.current(), 'AWSCURRENT');
    checkLocation(current, 'AWSCURRENT', this.options);
    if (current.username !== binding.username && current.username !== alternateOf(binding)) {
      throw new RotationError('configuration', 'AWSCURRENT names another user than the one that the secret is bound to');
    }
    return current;
  }

  private async pendingSecret(rotation: SecretRotation, text: string, username: string): Promise<DatabaseSecret> {
    const pending = await readPending(text, rotation, this.options);
    if (pending.username !== username) {
      throw await rotation.drop('the pending version names another user than the one whose turn it is');
    }
    return pending;
  }

  private async asSuperuser(rotation: SecretRotation, work: (session: CredentialSession) => Promise<void>): Promise<void> {
    const { superuserSecret, target } = this.options;
    await inSession(await signInAsSuperuser(target, superuserSecret, rotation), work);
  }
}

function alternateOf({ username }: UserBinding): string {
  return `${username}${ALTERNATE_USER_SUFFIX}`;
}

/** With two passwords, the one that clients hold. */
function retained({ strategy }: UserBinding, current: DatabaseSecret): { retain?: string } {
  return strategy === 'dualPassword' ? { retain: current.password } : {};
}

/** The user that the next value is for: with alternating users the one that clients do not use now. */
function nextUsername(binding: UserBinding, current: string): string {
  return binding.strategy === 'alternating' && current === binding.username ? alternateOf(binding) : binding.username;
}
