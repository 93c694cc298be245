import { ARN } from './laboratory';
import type { ProcessStrategy, System } from './system';
import { PERIOD } from './times';
import type { CallLimits } from '../../../handlers/aws/signed-requests';
import type { Clock } from '../../../handlers/core/clock';
import { RotationError } from '../../../handlers/core/rotation-error';
import * as generator from '../../../handlers/database/generate-password';
import { AccessKeyStrategy } from '../../../handlers/rotate-iam-access-key/access-key-strategy';
import { CallerIdentity } from '../../../handlers/rotate-iam-access-key/caller-identity';
import { endFormerKeys } from '../../../handlers/rotate-iam-access-key/ending-former-keys';
import { type AccessKey, type AccessKeyPair, UserAccessKeys } from '../../../handlers/rotate-iam-access-key/user-access-keys';
import type { Gate } from '../support/memory-store';
import { VirtualClock } from '../support/virtual-clock';

const USER_ARN = 'arn:aws:iam::123456789012:user/app';
const BINDINGS = [{ secret: ARN, userArn: USER_ARN, formerWorksForHours: 0 }];
const OPTIONS = { region: 'eu-west-1', credentials: { accessKeyId: '', secretAccessKey: '' }, clock: new VirtualClock() };
const MAXIMUM = 2;
const SECOND = 1_000;

interface Key {
  readonly secret: string;
  readonly active: boolean;
  readonly createdAt: number;
  /** The period of its last use. */
  readonly usedIn?: number;
}

const idOf = (secret: string): string => `AKIA${secret.replace(/\W/g, '').padEnd(16, '0')}`;
const textOf = (secret: string, id = idOf(secret)): string => JSON.stringify({ accessKeyId: id, secretAccessKey: secret });

/** IAM and STS, as one process reaches them. */
class FakeKeys extends UserAccessKeys {
  constructor(private readonly system: AccessKeySystem, private readonly gate: Gate) {
    super(OPTIONS);
  }

  override async list(): Promise<AccessKey[]> {
    return this.gate('list', () => [...this.system.keys].map(([id, { active, createdAt }]) => ({ id, active, createdAt })));
  }

  override async create(_: string, { deadline }: CallLimits): Promise<AccessKeyPair> {
    let made: AccessKeyPair | undefined;
    // Never made twice: the client does not repeat what may have made a key.
    return this.gate('set a new key', () => made ??= this.system.create(timeAt(deadline)));
  }

  override async deactivate(_: string, id: string): Promise<void> {
    return this.gate('change: deactivate', () => this.system.update(id, { active: false }));
  }

  override async delete(_: string, id: string): Promise<void> {
    return this.gate('change: delete', () => void this.system.keys.delete(id));
  }

  override async lastUsedAt(id: string): Promise<number | undefined> {
    return this.gate('last used', () => this.system.keys.get(id)?.usedIn);
  }
}

class FakeIdentity extends CallerIdentity {
  constructor(private readonly system: AccessKeySystem, private readonly gate: Gate) {
    super(OPTIONS);
  }

  override async of({ id, secret }: AccessKeyPair, { deadline }: CallLimits): Promise<string> {
    return this.gate('identify', () => {
      if (!this.system.accepts(id, secret)) {
        throw new RotationError('authentication', 'AWS STS does not accept the access key');
      }
      this.system.update(id, { usedIn: Math.floor(timeAt(deadline) / PERIOD) * PERIOD });
      return USER_ARN;
    });
  }
}

/** The access keys of a user, of whom there are two at the most. */
export class AccessKeySystem implements System {
  readonly name: string;
  readonly first = textOf('the-first-secret');
  readonly former?: string;
  readonly keepsCurrent = true;
  readonly keepsFormer = true;
  /** What IAM has made may not be known at once: it is asked until it is. */
  readonly refusals = 0;
  /** A key that is made while people write values may be one that the secret has never held: only people may delete it. */
  readonly hands = [];
  readonly others = {};
  keys: Map<string, Key>;

  constructor(back = false) {
    this.name = `access key${back ? ', back to the former value' : ''}`;
    this.former = back ? textOf('the-former-secret') : undefined;
    this.keys = new Map([
      ...back ? [keyOf('the-former-secret')] : [],
      keyOf('the-first-secret'),
    ]);
  }

  process(gate: Gate): ProcessStrategy {
    const keys = new FakeKeys(this, gate);
    return {
      strategy: new AccessKeyStrategy({ bindings: BINDINGS, keys, identity: new FakeIdentity(this, gate) }),
      duty: (clock: Clock) => endFormerKeys({ bindings: BINDINGS, keys, clock }),
      save: () => '',
      restore: () => undefined,
    };
  }

  create(now: number): AccessKeyPair {
    if (this.keys.size >= MAXIMUM) {
      throw new RotationError('conflict', 'the user has two keys', 'LimitExceeded');
    }
    const secret = generator.generatePassword({ length: 17, excludeCharacters: '' });
    const [id, key] = keyOf(secret, Math.floor(now / SECOND) * SECOND);
    this.keys.set(id, key);
    return { id, secret };
  }

  update(id: string, change: Partial<Key>): void {
    const key = this.keys.get(id);
    if (key) {
      this.keys.set(id, { ...key, ...change });
    }
  }

  accepts(id: string, secret: string): boolean {
    const key = this.keys.get(id);
    return key?.active === true && key.secret === secret;
  }

  save(): { state: unknown; key: string } {
    const key = [...this.keys.values()].map(({ secret, active, createdAt, usedIn }) =>
      `${secret}${active ? '' : '!'}${createdAt}@${usedIn}`);
    return { state: new Map(this.keys), key: key.join() };
  }

  restore(state: unknown): void {
    this.keys = new Map(state as Map<string, Key>);
  }

  works(text: string): boolean {
    if (!text.startsWith('{')) {
      return false;
    }
    const { accessKeyId, secretAccessKey } = JSON.parse(text) as Record<string, string>;
    return this.accepts(accessKeyId, secretAccessKey);
  }
}

function keyOf(secret: string, createdAt = 0): [string, Key] {
  return [idOf(secret), { secret, active: true, createdAt }];
}

/** What the clock of a call says. */
function timeAt(deadline: CallLimits['deadline']): number {
  return (deadline as unknown as { clock: Clock }).clock.now();
}
