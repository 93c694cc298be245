import { MemorySecret, type MemoryVersion, refused } from './memory-secret';
import type {
  LabelMove, NewVersion, SecretDescription, SecretStore, SecretValue, VersionSelector, VersionSummary,
} from '../../../handlers/core/secret-store';

export type { MemoryVersion } from './memory-secret';

/** What each call of a port passes before it is done: where tests count, fail, lose or hold calls. */
export type Gate = <T>(call: string, work: () => T, about?: string) => Promise<T>;

export const openGate: Gate = async (_, work) => work();

/** {@link SecretStore} on secrets in memory, found by ARN or by name. */
export class MemoryStore implements SecretStore {
  constructor(private readonly find: (secret: string) => MemorySecret | undefined, private readonly gate: Gate = openGate) {}

  async describe(secret: string): Promise<SecretDescription> {
    return this.gate('DescribeSecret', () => this.existing('DescribeSecret', secret).description, secret);
  }

  async read(secret: string, version: VersionSelector): Promise<SecretValue | undefined> {
    return this.gate('GetSecretValue', () => {
      const found = this.find(secret);
      if (found?.description.deletedAt !== undefined) {
        throw refused('GetSecretValue', 'InvalidRequestException');
      }
      return found?.read(version);
    }, secret);
  }

  async putPending(secret: string, { token, text }: NewVersion): Promise<'stored' | 'exists'> {
    try {
      await this.gate(
        'PutSecretValue',
        () => this.existing('PutSecretValue', secret).put(token, { text }, ['AWSPENDING']),
        secret,
      );
      return 'stored';
    } catch (thrown) {
      if ((thrown as { code?: string }).code === 'ResourceExistsException') {
        return 'exists';
      }
      throw thrown;
    }
  }

  async moveLabel(secret: string, label: string, move: LabelMove): Promise<void> {
    const action = 'UpdateSecretVersionStage';
    await this.gate(action, () => this.existing(action, secret).move(label, move), secret);
  }

  async listVersions(secret: string): Promise<VersionSummary[]> {
    return this.gate('ListSecretVersionIds', () => [...this.existing('ListSecretVersionIds', secret).versions]
      .map(([versionId, { labels, createdAt = 0 }]) => ({ versionId, labels, createdAt })), secret);
  }

  private existing(action: string, secret: string): MemorySecret {
    const found = this.find(secret);
    if (!found) {
      throw refused(action, 'ResourceNotFoundException');
    }
    return found;
  }
}

/**
 * A store of one secret by every name, in whatever state a test needs, also in ones that the service's own API does not reach.
 */
export class SingleSecretStore extends MemoryStore {
  readonly calls: string[];
  readonly secret: MemorySecret;

  constructor(versions: Readonly<Record<string, MemoryVersion>>, about: Partial<SecretDescription> = {}) {
    const secret = new MemorySecret(versions, about);
    const calls: string[] = [];
    super(() => secret, async (call, work) => {
      calls.push(call);
      return work();
    });
    [this.secret, this.calls] = [secret, calls];
  }

  get description(): SecretDescription {
    return this.secret.description;
  }
}
