import { type CredentialSession, SignInRefused, type UserChange } from './credential-target';
import { checkIdentity, checkLocation, checkNext, type DatabasePorts, inSession, readPending, signIn } from './database-ports';
import { DatabaseSecret } from './database-secret';
import { generatePassword } from './generate-password';
import { signInAsSuperuser } from './sign-in-as-superuser';
import { ALTERNATE_USER_SUFFIX, type UserBinding } from '../../src/contract/database-facts';
import type { PasswordRules } from '../../src/contract/password-rules';
import { type ErrorClass, RotationError } from '../core/rotation-error';
import { bindingOf, type Outcome, type RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';
import { CURRENT, PREVIOUS } from '../core/secret-store';

/** What says nothing of whether the new password works, or comes from a server that should not be asked for more. */
const PASSING: readonly ErrorClass[] = ['network', 'timeout', 'tls', 'protocol', 'throttling', 'unavailable'];

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
    const next = current.locatedAt(this.options.facts, {
      username: nextUsername(binding, current.username),
      password: generatePassword(this.options.password),
    });
    return checkNext(next, this.options);
  }

  async formerValue(rotation: SecretRotation, former: string): Promise<string> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    const pending = await this.pendingSecret(rotation, former, nextUsername(binding, current.username));
    return pending.locatedAt(this.options.facts, pending.credentials);
  }

  async apply(rotation: SecretRotation, pendingText: string): Promise<Outcome> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    const pending = await this.pendingSecret(rotation, pendingText, nextUsername(binding, current.username));
    await this.letsClientsIn(rotation, current, pending);
    await this.asSuperuser(rotation, async (session) => {
      await setCredential(session, binding, changeOf(pending, rotation.token, retained(binding, current)));
    });
    return 'done';
  }

  /**
   * Gives the idle one of two users a password that nobody keeps, or takes from a user all passwords but AWSCURRENT's.
   *
   * A rotation may begin at any moment: its new credential is set again where this may have undone it.
   */
  async endFormer(rotation: SecretRotation): Promise<'ended' | 'kept'> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    const former = DatabaseSecret.parse(await rotation.value(rotation.versionWith(PREVIOUS)!) ?? '', 'AWSPREVIOUS');
    const isSame = former.username === current.username;
    if (isSame ? binding.strategy !== 'dualPassword' : ![binding.username, alternateOf(binding)].includes(former.username)) {
      return 'kept';
    }
    if (!await this.letsClientsIn(rotation, current, current)) {
      throw new RotationError(
        'authentication', 'AWSCURRENT does not sign in, and the former credential may be the one that works',
      );
    }
    const ending = isSame
      ? changeOf(current, rotation.versionWith(CURRENT)!)
      : { ...changeOf(former, rotation.token), password: generatePassword(this.options.password) };
    this.options.target.checkPassword(ending.password);
    return this.asSuperuser(rotation, async (session) => {
      if (await rotation.successor()) {
        return 'kept';
      }
      await setCredential(session, binding, { ...ending, discardOthers: true });
      const successor = await rotation.successor();
      const text = await successor?.text();
      if (!successor || text === undefined) {
        return 'ended';
      }
      const next = DatabaseSecret.parse(text, 'the version of a rotation that has begun');
      // Of nobody else's credential anything was undone, whoever wrote the value.
      if (next.username === former.username) {
        this.options.target.checkPassword(next.password);
        await setCredential(session, binding, changeOf(next, successor.versionId, retained(binding, current)));
      }
      return 'kept';
    });
  }

  async prove(rotation: SecretRotation, pendingText: string): Promise<void> {
    const binding = this.bindingOf(rotation);
    const current = await this.currentSecret(rotation, binding);
    if (pendingText === await rotation.current()) {
      // Secrets Manager tries out a schedule with the value as it is: the user may not even exist yet.
      return this.rehearse(rotation);
    }
    const pending = await this.pendingSecret(rotation, pendingText, nextUsername(binding, current.username));
    try {
      const session = await signIn(this.options.target, pending, rotation);
      await inSession(session, async () =>
        checkIdentity(session, pending.username, binding.strategy === 'alternating' ? binding.username : undefined),
      );
    } catch (thrown) {
      const error = RotationError.from(thrown);
      // Otherwise AWSCURRENT works all the while: of two users, or of two passwords, the one that clients hold is not touched.
      throw binding.strategy === 'single' && !PASSING.includes(error.errorClass)
        ? await this.putBack(rotation, current, error)
        : error;
    }
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    await this.currentSecret(rotation, this.bindingOf(rotation));
    await this.asSuperuser(rotation, async () => undefined);
  }

  /**
   * One login as clients do it, which tells whether their password works. What refuses them for another reason would refuse any
   * password, and nobody could put that right.
   */
  private async letsClientsIn(
    rotation: SecretRotation, current: DatabaseSecret, { databaseName }: DatabaseSecret,
  ): Promise<boolean> {
    if (!current.hasPassword) {
      return false;
    }
    const { username, password } = current;
    try {
      await (await signIn(this.options.target, { username, password, databaseName }, rotation)).close();
      return true;
    } catch (thrown) {
      // Nobody knows the password, an earlier attempt has changed it, or the user does not exist yet.
      if (thrown instanceof SignInRefused) {
        return false;
      }
      throw thrown;
    }
  }

  /**
   * Gives the user the password of clients again, and returns the error to throw.
   *
   * The pending version keeps its label: another process may be setting its password at this moment, which the next test has to
   * find. Once what kept the user out has been put right, the same rotation goes on.
   */
  private async putBack(rotation: SecretRotation, current: DatabaseSecret, error: RotationError): Promise<RotationError> {
    try {
      if (!await this.letsClientsIn(rotation, current, current)) {
        const { username, password, databaseName } = current;
        const change = { username, password, databaseName, token: rotation.versionWith(CURRENT)! };
        await this.asSuperuser(rotation, async (session) => session.changeUser(change));
      }
    } catch (thrown) {
      const { message } = RotationError.from(thrown);
      return error.followedBy(`; AWSCURRENT's password could not be put back: ${message}`);
    }
    return error.followedBy('; the user has the password of AWSCURRENT, which clients hold');
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

  private async asSuperuser<T>(rotation: SecretRotation, work: (session: CredentialSession) => Promise<T>): Promise<T> {
    const { superuserSecret, target } = this.options;
    return inSession(await signInAsSuperuser(target, superuserSecret, rotation), work);
  }
}

function alternateOf({ username, alternateUsername }: UserBinding): string {
  return alternateUsername ?? `${username}${ALTERNATE_USER_SUFFIX}`;
}

/** What a value changes about its user. */
function changeOf(
  { username, password, databaseName }: DatabaseSecret, token: string, retain: { retain?: string } = {},
): UserChange {
  return { username, password, databaseName, token, ...retain };
}

async function setCredential(session: CredentialSession, binding: UserBinding, change: UserChange): Promise<void> {
  const { username, createWithRoles } = binding;
  await (change.username === username
    ? session.changeUser({ ...change, createWithRoles })
    : session.changeAlternate({ ...change, createWithRoles, base: username }));
}

/** With two passwords, the one that clients hold. */
function retained({ strategy }: UserBinding, current: DatabaseSecret): { retain?: string } {
  return strategy === 'dualPassword' ? { retain: current.password } : {};
}

/** The user that the next value is for: with alternating users the one that clients do not use now. */
function nextUsername(binding: UserBinding, current: string): string {
  return binding.strategy === 'alternating' && current === binding.username ? alternateOf(binding) : binding.username;
}
