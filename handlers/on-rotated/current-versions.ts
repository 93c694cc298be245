import { createHash } from 'node:crypto';
import type { CurrentVersions } from './action';
import type { Services } from './services';
import type { CallLimits } from '../aws/signed-requests';
import { RotationError } from '../core/rotation-error';

const DIGEST_LENGTH = 16;

/** Asks which versions are current: once for each secret, however many consumers read it. No value is read. */
export class CurrentVersionsOf {
  private readonly known = new Map<string, Promise<string>>();

  constructor(private readonly services: Services, private readonly limits: CallLimits) {}

  async secrets(secrets: readonly string[]): Promise<CurrentVersions> {
    const versions = [];
    for (const secret of [...secrets].sort()) {
      versions.push({ secret, versionId: await this.of(secret) });
    }
    const hash = createHash('sha256').update(JSON.stringify(versions.map(({ secret, versionId }) => [secret, versionId])));
    return { versions, digest: hash.digest('hex').slice(0, DIGEST_LENGTH) };
  }

  private async of(secret: string): Promise<string> {
    const version = this.known.get(secret) ?? this.ask(secret);
    this.known.set(secret, version);
    return version;
  }

  private async ask(secret: string): Promise<string> {
    const answer = await this.services.secretsManager.call('DescribeSecret', { SecretId: secret }, this.limits);
    const labels = Object.entries((answer.VersionIdsToStages ?? {}) as Record<string, readonly string[]>);
    const current = labels.find(([, stages]) => stages.includes('AWSCURRENT'));
    if (!current) {
      throw new RotationError('conflict', 'a secret of the consumer has no current version');
    }
    return current[0];
  }
}
