// The public API of the client, packed as a declaration: it imports only what is packed beside it.
import type { SecretSource } from './secret-source';

/** How a secret is read and kept. */
export interface CachedSecretOptions {
  /** ARN or name of the secret, such as from the environment. */
  readonly secretId: string;
  /** Where it is read: `new SecretsManager({})` of `@aws-sdk/client-secrets-manager`. */
  readonly source: SecretSource;
  /**
   * Label of the version. AWSPENDING is refused: its value is not valid until the rotation has ended.
   *
   * @default 'AWSCURRENT'
   */
  readonly versionStage?: string;
  /**
   * Milliseconds after which a value is read again, or up to a fifth less, so that processes that began together do not read
   * together for ever.
   *
   * @default 300000 (5 minutes)
   */
  readonly refreshAfterMilliseconds?: number;
  /**
   * Milliseconds beyond that for which the value in hand is used while it is read again, and where reading fails. 0: nobody gets
   * a value that is older than `refreshAfterMilliseconds`.
   *
   * @default 600000 (10 minutes)
   */
  readonly staleForMilliseconds?: number;
  /**
   * Milliseconds that a read may take, with the attempts of the SDK.
   *
   * @default 10000 (10 seconds)
   */
  readonly readTimeoutMilliseconds?: number;
  /**
   * Milliseconds to wait for the next version once a server has refused this one. Where a single user's password is changed, the
   * next one is valid a moment before Secrets Manager gives it the label. 0: the secret is read once.
   *
   * @default 10000 (10 seconds)
   */
  readonly waitForNextMilliseconds?: number;
  /**
   * Whether an error says that the server has refused the value.
   *
   * @default isLoginRefused
   */
  readonly isRefused?: (error: unknown) => boolean;
  /**
   * Gets the error of a read that nobody waited for: the value in hand is used meanwhile. It must not throw.
   *
   * @default - such errors are dropped; once the value may no longer be used, the error of the next read reaches its reader
   */
  readonly onRefreshError?: (error: unknown) => void;
}
