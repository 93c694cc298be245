import type { LabelMove, NewVersion, SecretDescription, SecretStore, SecretValue, VersionSelector, VersionSummary } from '../../../handlers/core/secret-store';

export interface MemoryVersion {
  readonly text?: string;
  readonly labels: readonly string[];
  readonly createdAt?: number;
}

/** A secret whose versions are in whatever state a test needs, also in ones that the service's own API does not reach. */
export class MemoryStore implements SecretStore {
  public readonly calls: string[] = [];

  constructor(private readonly versions: Readonly<Record<string, MemoryVersion>>, private readonly more: Partial<SecretDescription> = {}) {}

  public get description(): SecretDescription {
    const labelled = Object.entries(this.versions).filter(([, { labels }]) => labels.length > 0);
    const versions = new Map(labelled.map(([versionId, { labels }]) => [versionId, labels]));
    return { arn: 'arn', name: 'name', tagKeys: [], replicas: [], versions, ...this.more };
  }

  public async describe(): Promise<SecretDescription> {
    this.calls.push('describe');
    return this.description;
  }

  public async read(_secret: string, { versionId, label }: VersionSelector): Promise<SecretValue | undefined> {
    this.calls.push('read');
    const found = versionId ?? Object.keys(this.versions).find((id) => label !== undefined && this.versions[id].labels.includes(label));
    return found === undefined ? undefined : { versionId: found, text: this.versions[found]?.text };
  }

  public async putPending(_secret: string, version: NewVersion): Promise<'stored' | 'exists'> {
    this.calls.push(`put ${version.token}`);
    return 'stored';
  }

  public async moveLabel(_secret: string, label: string, move: LabelMove): Promise<void> {
    this.calls.push(`move ${label} ${JSON.stringify(move)}`);
  }

  public async listVersions(): Promise<VersionSummary[]> {
    this.calls.push('list');
    return Object.entries(this.versions).map(([versionId, { labels, createdAt = 0 }]) => ({ versionId, labels, createdAt }));
  }
}
