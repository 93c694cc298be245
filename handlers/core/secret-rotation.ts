import type { Clock } from './clock';
import type { Deadline } from './deadline';
import { versionWith } from './labelled-versions';
import { RotationError } from './rotation-error';
import type { RotationEvent } from './rotation-event';
import {
  CURRENT,
  type LabelMove,
  PENDING,
  type SecretDescription,
  type SecretStore,
  type SecretValue,
  type VersionSummary,
} from './secret-store';
import type { VersionMemory } from './version-memory';

/** What a step works with besides the secret. */
export interface RotationPorts {
  readonly store: SecretStore;
  readonly memory: VersionMemory;
  readonly clock: Clock;
  readonly deadline: Deadline;
}

/** One rotation of one secret, as it is when a step begins. */
export class SecretRotation {
  constructor(
    private readonly event: RotationEvent,
    private readonly description: SecretDescription,
    private readonly ports: RotationPorts,
  ) {}

  get secretArn(): string {
    return this.description.arn;
  }

  get token(): string {
    return this.event.token;
  }

  get clock(): Clock {
    return this.ports.clock;
  }

  get deadline(): Deadline {
    return this.ports.deadline;
  }

  /**
   * Whether this is the secret that a binding names, by ARN or by name. An ARN without its random suffix may be that of another
   * secret.
   */
  isOf(secret: string): boolean {
    return [this.description.arn, this.description.name].includes(secret);
  }

  /** Whether this may be the secret of an ARN whose suffix may be missing: good enough to refuse, never to allow. */
  mayBe(secret: string): boolean {
    return this.isOf(secret) || this.description.arn.replace(/-[^-]{6}$/, '') === secret;
  }

  labels(versionId: string = this.token): readonly string[] {
    return this.description.versions.get(versionId) ?? [];
  }

  versionWith(label: string): string | undefined {
    return versionWith(this.description, label);
  }

  /** The version of a rotation that has begun since, whether or not it has finished or has a value. */
  async successor(): Promise<{ readonly versionId: string; readonly text: () => Promise<string | undefined> } | undefined> {
    const since = await this.refreshed();
    const currentId = this.versionWith(CURRENT);
    const versionId = [since.versionWith(PENDING), since.versionWith(CURRENT)].find((id) => id !== undefined && id !== currentId);
    return versionId === undefined ? undefined : { versionId, text: async () => since.value(versionId) };
  }

  /** The value that clients use today. */
  async current(): Promise<string> {
    const versionId = this.versionWith(CURRENT);
    const text = versionId === undefined ? undefined : await this.value(versionId);
    if (text === undefined) {
      throw new RotationError('configuration', 'the secret has no AWSCURRENT value to start from, or it is binary');
    }
    return text;
  }

  /** The value made by createSecret, where there is one. */
  async pending(): Promise<string | undefined> {
    const pending = await this.read(this.token, PENDING);
    if (pending !== undefined && pending.text === undefined) {
      throw await this.drop('the pending version has a binary value');
    }
    return pending?.text;
  }

  /** The value of any version: from memory, or else from the store. */
  async value(versionId: string): Promise<string | undefined> {
    return (await this.read(versionId))?.text;
  }

  /** A value of another secret, never kept. */
  async readOther(secret: string, label: string): Promise<string | undefined> {
    return (await this.ports.store.read(secret, { label }))?.text;
  }

  async putPending(text: string): Promise<'stored' | 'exists'> {
    const { token, rotationToken } = this.event;
    const outcome = await this.ports.store.putPending(this.secretArn, { token, rotationToken, text });
    if (outcome === 'stored') {
      this.ports.memory.keep(this.secretArn, token, text);
    }
    return outcome;
  }

  /** Every version that is still kept, also those without a label, which abandoned rotations have left. */
  async versions(): Promise<VersionSummary[]> {
    return this.ports.store.listVersions(this.secretArn);
  }

  markTested(): void {
    this.ports.memory.markTested(this.secretArn, this.token);
  }

  get isTested(): boolean {
    return this.ports.memory.isTested(this.secretArn, this.token);
  }

  async moveLabel(label: string, move: LabelMove): Promise<void> {
    await this.ports.store.moveLabel(this.secretArn, label, move);
  }

  /** The same rotation with labels as they are now. */
  async refreshed(): Promise<SecretRotation> {
    return new SecretRotation(this.event, await this.ports.store.describe(this.secretArn), this.ports);
  }

  /** Takes AWSPENDING off a version that can never be finished, and says why in the error to throw, also where that fails. */
  async drop(reason: string): Promise<RotationError> {
    try {
      await this.moveLabel(PENDING, { from: this.token });
    } catch (thrown) {
      const { errorClass, text, code } = RotationError.from(thrown);
      const isGone = errorClass === 'conflict' && !(await this.refreshed().catch(() => this)).labels().includes(PENDING);
      // Otherwise what is in the way keeps the rotation where it is.
      if (!isGone) {
        return new RotationError(errorClass, `${reason}; AWSPENDING could not be taken off the version: ${text}`, code);
      }
    }
    return new RotationError('stale', `${reason}; the version has lost AWSPENDING, rotate again for a clean one`);
  }

  forget(): void {
    this.ports.memory.forget(this.secretArn);
  }

  private async read(versionId: string, label?: string): Promise<Pick<SecretValue, 'text'> | undefined> {
    const known = this.ports.memory.recall(this.secretArn, versionId);
    if (known !== undefined) {
      return { text: known };
    }
    const value = await this.ports.store.read(this.secretArn, { versionId, label });
    if (value?.text !== undefined) {
      this.ports.memory.keep(this.secretArn, versionId, value.text);
    }
    return value;
  }
}
