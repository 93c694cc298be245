export const CURRENT = 'AWSCURRENT';
export const PENDING = 'AWSPENDING';
export const PREVIOUS = 'AWSPREVIOUS';
/** Staging label of the version whose credential was ended: what is done is seen, and is not done again. */
export const ENDED = 'CREDENTIAL_ENDED';

/** What may be known about a secret without reading it. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly tagKeys: readonly string[];
  readonly rotationEnabled?: boolean;
  readonly rotationFunctionArn?: string;
  /** Key id, key ARN or alias; absent for the AWS managed key. */
  readonly encryptionKey?: string;
  /** Milliseconds since the epoch, here and below. */
  readonly createdAt?: number;
  readonly changedAt?: number;
  readonly rotatedAt?: number;
  readonly nextRotationAt?: number;
  readonly deletedAt?: number;
  readonly replicas: readonly { readonly region: string; readonly status: string }[];
  /** Staging labels by version id. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
}

/** An entry of the list of versions, which includes those without labels. */
export interface VersionSummary {
  readonly versionId: string;
  readonly createdAt: number;
  readonly labels: readonly string[];
}

export interface SecretValue {
  readonly versionId: string;
  /** Absent where the value is binary. */
  readonly text?: string;
}

/** Which version to read: by id, by label or both, in which case both have to be right. */
export type VersionSelector =
  { readonly versionId: string; readonly label?: string } | { readonly versionId?: string; readonly label: string };

export interface NewVersion {
  readonly token: string;
  readonly rotationToken?: string;
  readonly text: string;
}

/** How a label moves: to a version, away from one, or both at once. */
export type LabelMove = { readonly to: string; readonly from?: string } | { readonly to?: string; readonly from: string };

/** Port to the place where secrets are kept. Every failure is a `RotationError`. */
export interface SecretStore {
  describe(secret: string): Promise<SecretDescription>;
  /** `undefined` where there is no such version or it has no value. */
  read(secret: string, version: VersionSelector): Promise<SecretValue | undefined>;
  /** Stores the version with the label AWSPENDING; `exists` where the token already has another value. */
  putPending(secret: string, version: NewVersion): Promise<'stored' | 'exists'>;
  moveLabel(secret: string, label: string, move: LabelMove): Promise<void>;
  /** All versions, also those without labels. */
  listVersions(secret: string): Promise<VersionSummary[]>;
}
