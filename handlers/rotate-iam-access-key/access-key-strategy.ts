import { AccessKeySecret } from './access-key-secret';
import { BoundUser } from './bound-user';
import type { CallerIdentity } from './caller-identity';
import { LIMIT_EXCEEDED, NO_SUCH_ENTITY } from './iam-error';
import { KeyHistory } from './key-history';
import { makeRoom } from './making-room';
import type { AccessKeyPair, UserAccessKeys } from './user-access-keys';
import type { AccessKeyBinding } from '../../src/contract/access-key-binding';
import type { CallLimits } from '../aws/signed-requests';
import { type ErrorClass, RotationError } from '../core/rotation-error';
import { bindingOf, type Outcome, type RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';
import { withBackoff } from '../core/with-backoff';

/** IAM is eventually consistent: what it has made may not be known everywhere at once. */
const PROPAGATION = 60_000;
const LIST_PROPAGATION = 15_000;
/** Keys that nobody knows are recognised by their time, of which IAM tells whole seconds. */
const SECOND = 1_000;
/** After these the value is not stored; after others it may be. */
const REFUSED: readonly ErrorClass[] = ['permission', 'configuration', 'conflict'];

export interface AccessKeyStrategyOptions {
  readonly bindings: readonly AccessKeyBinding[];
  readonly keys: UserAccessKeys;
  readonly identity: CallerIdentity;
}

/** Makes a second access key for a user beside the one that clients hold, after the one before that is gone. */
export class AccessKeyStrategy implements RotationStrategy {
  constructor(private readonly options: AccessKeyStrategyOptions) {}

  async nextValue(rotation: SecretRotation): Promise<string> {
    const user = this.boundUser(rotation);
    const { clock, deadline } = rotation;
    const notBefore = clock.now() + SECOND;
    // A key is made once: what an earlier attempt has stored is the value.
    return await rotation.pending() ?? withBackoff(async () => this.makeKey(rotation, user, notBefore), {
      clock,
      deadline,
      patience: ({ code }) => code === LIMIT_EXCEEDED || code === NO_SUCH_ENTITY ? LIST_PROPAGATION : 0,
    });
  }

  /** The former key, as long as it is there and active: none is made, and nothing is done to the one that clients hold. */
  async formerValue(rotation: SecretRotation, former: string): Promise<string> {
    await this.prove(rotation, former);
    return former;
  }

  async apply(rotation: SecretRotation, pendingText: string): Promise<Outcome> {
    await this.pendingPair(rotation, this.boundUser(rotation), pendingText);
    // The key has worked since it was made.
    return 'already done';
  }

  async prove(rotation: SecretRotation, pendingText: string): Promise<void> {
    if (pendingText === await rotation.current()) {
      // Secrets Manager tries out a schedule with the value as it is.
      return this.rehearse(rotation);
    }
    const user = this.boundUser(rotation);
    const pair = await this.pendingPair(rotation, user, pendingText);
    const arn = await this.identityOf(rotation, user, pair);
    if (!user.is(arn)) {
      throw await rotation.drop('the pending version has an access key of another user than the one that the secret is bound to');
    }
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    const user = this.boundUser(rotation);
    await this.options.keys.list(user.name, limitsOf(rotation));
    const pair = (await currentSecret(rotation, user)).pair;
    if (pair) {
      await this.requireOwn(rotation, user, pair);
    }
  }

  private boundUser(rotation: SecretRotation): BoundUser {
    return new BoundUser(bindingOf(rotation, this.options.bindings));
  }

  private async makeKey(rotation: SecretRotation, user: BoundUser, notBefore: number): Promise<string> {
    const { keys } = this.options;
    const { clock } = rotation;
    const limits = limitsOf(rotation);
    const current = await currentSecret(rotation, user);
    const heldId = current.pair?.id;
    const all = await keys.list(user.name, limits);
    if (current.pair && !all.some(({ id }) => id === heldId)) {
      await this.requireOwnOrGone(rotation, user, current.pair);
    }
    if (all.some(({ id }) => id !== heldId)) {
      await makeRoom({ user, all, heldId }, await KeyHistory.read(rotation, user.binding), { keys, clock, limits });
    }
    await clock.sleep(Math.max(0, notBefore - clock.now()));
    const made = await keys.create(user.name, limits);
    return this.store(rotation, user, made, current.with(made));
  }

  /** Stores the value before the step goes on: a key whose secret nobody knows is of no use and takes up room. */
  private async store(rotation: SecretRotation, user: BoundUser, { id }: AccessKeyPair, text: string): Promise<string> {
    const discard = async (): Promise<void> => this.options.keys.delete(user.name, id, limitsOf(rotation));
    try {
      if (await rotation.putPending(text) === 'stored') {
        return text;
      }
    } catch (thrown) {
      const error = RotationError.from(thrown);
      if (!REFUSED.includes(error.errorClass)) {
        throw error;
      }
      await discard().catch((late: unknown) => {
        const { message } = RotationError.from(late);
        throw error.followedBy(`; access key ${id} could not be deleted: ${message}`);
      });
      throw error;
    }
    // Another process has stored one in the meantime.
    await discard();
    return (await rotation.pending())!;
  }

  /** The key of the pending version. A version that can never be finished loses its label. */
  private async pendingPair(rotation: SecretRotation, user: BoundUser, text: string): Promise<AccessKeyPair> {
    let pair: AccessKeyPair | undefined;
    try {
      pair = AccessKeySecret.parse(text, user.binding, 'the pending version').pair;
    } catch {
      pair = undefined;
    }
    if (!pair) {
      throw await rotation.drop('the pending version has no access key');
    }
    if (pair.id === (await currentSecret(rotation, user)).pair?.id) {
      throw await rotation.drop('the pending version has the access key of AWSCURRENT');
    }
    return pair;
  }

  /** Whose a new key is. One that IAM does not have, or has deactivated, will never work. */
  private async identityOf(rotation: SecretRotation, user: BoundUser, pair: AccessKeyPair): Promise<string> {
    const { clock, deadline } = rotation;
    const limits = limitsOf(rotation);
    // The rest of the time is for what follows.
    const propagation = Math.min(PROPAGATION, deadline.remaining() / 2);
    try {
      return await withBackoff(async () => this.options.identity.of(pair, limits), {
        clock,
        deadline,
        patience: ({ errorClass }) => errorClass === 'authentication' ? propagation : 0,
      });
    } catch (thrown) {
      const error = RotationError.from(thrown);
      const isRefused = error.errorClass === 'authentication';
      const existing = await this.options.keys.list(user.name, limits).catch((late: unknown) => {
        const { message } = RotationError.from(late);
        throw isRefused ? error.followedBy(`, and whether IAM still has it is not known: ${message}`) : error;
      });
      if (isRefused && !existing.some(({ id, active }) => id === pair.id && active)) {
        throw await rotation.drop('the pending version has an access key that was deleted or deactivated, or is another user\'s');
      }
      throw error;
    }
  }

  private async requireOwn(rotation: SecretRotation, user: BoundUser, pair: AccessKeyPair): Promise<void> {
    if (!user.is(await this.options.identity.of(pair, limitsOf(rotation)))) {
      throw new RotationError(
        'configuration',
        'AWSCURRENT has an access key of another user than the one that the secret is bound to',
      );
    }
  }

  /** A key that was deleted by hand is replaced; one that works for somebody else is not. */
  private async requireOwnOrGone(rotation: SecretRotation, user: BoundUser, pair: AccessKeyPair): Promise<void> {
    try {
      await this.requireOwn(rotation, user, pair);
    } catch (thrown) {
      if (RotationError.from(thrown).errorClass !== 'authentication') {
        throw thrown;
      }
    }
  }
}

async function currentSecret(rotation: SecretRotation, { binding }: BoundUser): Promise<AccessKeySecret> {
  return AccessKeySecret.parse(await rotation.current(), binding, 'AWSCURRENT');
}

function limitsOf({ deadline }: SecretRotation): CallLimits {
  return { deadline, patient: true };
}
