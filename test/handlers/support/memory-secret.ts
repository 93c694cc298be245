import { errorOf } from '../../../handlers/aws/secrets-manager-error';
import type { RotationError } from '../../../handlers/core/rotation-error';
import {
  CURRENT,
  type LabelMove,
  PENDING,
  PREVIOUS,
  type SecretDescription,
  type SecretValue,
  type VersionSelector,
} from '../../../handlers/core/secret-store';

export interface MemoryVersion {
  /** Absent where the version has no value yet. */
  readonly text?: string;
  readonly binary?: true;
  readonly labels: readonly string[];
  readonly createdAt?: number;
}

/**
 * One secret, with the rules that AWS Secrets Manager has for its versions and labels.
 *
 * A version is never changed in place, so that a copy of the map is a copy of the secret.
 */
export class MemorySecret {
  versions: Map<string, MemoryVersion>;

  constructor(versions: Readonly<Record<string, MemoryVersion>>, public about: Partial<SecretDescription> = {}) {
    this.versions = new Map(Object.entries(versions));
  }

  /** Versions without a label are not part of a description. */
  get description(): SecretDescription {
    const versions = new Map<string, readonly string[]>();
    for (const [versionId, { labels }] of this.versions) {
      if (labels.length > 0) {
        versions.set(versionId, labels);
      }
    }
    return { arn: 'arn', name: 'name', tagKeys: [], replicas: [], ...this.about, versions };
  }

  holderOf(label: string): string | undefined {
    for (const [versionId, { labels }] of this.versions) {
      if (labels.includes(label)) {
        return versionId;
      }
    }
    return undefined;
  }

  /** `undefined` where the service says that there is no such value. */
  read({ versionId, label }: VersionSelector): SecretValue | undefined {
    const found = versionId ?? this.holderOf(label!);
    const version = found === undefined ? undefined : this.versions.get(found);
    if (!version || (label !== undefined && !version.labels.includes(label)) || (version.text === undefined && !version.binary)) {
      return undefined;
    }
    return { versionId: found!, text: version.text };
  }

  /** What RotateSecret does before it invokes the function: a version without a value gets AWSPENDING. */
  begin(token: string, now = 0): void {
    this.add(token, { labels: [], createdAt: now });
    this.attach(PENDING, token);
  }

  /** PutSecretValue. A token is an idempotency key: a second value under it is refused. */
  put(token: string, value: Pick<MemoryVersion, 'text' | 'binary'>, labels: readonly string[], now = 0): void {
    const existing = this.versions.get(token);
    if (existing && (existing.text !== undefined || existing.binary)) {
      if (existing.text === value.text && existing.binary === value.binary) {
        return;
      }
      throw refused('PutSecretValue', 'ResourceExistsException');
    }
    this.add(token, { labels: existing?.labels ?? [], createdAt: existing?.createdAt ?? now, ...value });
    labels.forEach((label) => this.attach(label, token));
  }

  /** UpdateSecretVersionStage. */
  move(label: string, { to, from }: LabelMove): void {
    const holder = this.holderOf(label);
    const refusal = refused('UpdateSecretVersionStage', 'InvalidParameterException');
    if (to === undefined) {
      if (label === CURRENT || from !== holder) {
        throw refusal;
      }
      this.detach(label, from!);
      return;
    }
    if (!this.versions.has(to) || (holder !== undefined && holder !== to && from !== holder)) {
      throw refusal;
    }
    if (holder !== to) {
      this.attach(label, to);
    }
  }

  private add(versionId: string, version: MemoryVersion): void {
    this.versions.set(versionId, version);
  }

  /** A label is on one version at a time; what loses AWSCURRENT becomes AWSPREVIOUS. */
  private attach(label: string, versionId: string): void {
    const holder = this.holderOf(label);
    if (holder === versionId) {
      return;
    }
    if (holder !== undefined) {
      this.detach(label, holder);
    }
    const version = this.versions.get(versionId)!;
    this.versions.set(versionId, { ...version, labels: [...version.labels, label] });
    if (label === CURRENT && holder !== undefined) {
      this.attach(PREVIOUS, holder);
      if (this.holderOf(PREVIOUS) === versionId) {
        this.detach(PREVIOUS, versionId);
      }
    }
  }

  private detach(label: string, versionId: string): void {
    const version = this.versions.get(versionId)!;
    this.versions.set(versionId, { ...version, labels: version.labels.filter((other) => other !== label) });
  }
}

export function refused(action: string, code: string): RotationError {
  return errorOf(action, 400, code);
}
