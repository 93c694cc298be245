// The public API of the client, packed as a declaration: it imports nothing.

/** What is asked for. */
export interface SecretRequest {
  /** ARN or name of the secret. */
  readonly SecretId: string;
  /** Label of the version. */
  readonly VersionStage: string;
}

/** What is answered: one of the two values, and which version it is. */
export interface SecretAnswer {
  /** Id of the version. */
  readonly VersionId?: string;
  /** A value that is a text. */
  readonly SecretString?: string;
  /** A value that is not a text. */
  readonly SecretBinary?: Uint8Array;
}

/**
 * Where values are read: `new SecretsManager({})` of `@aws-sdk/client-secrets-manager` is one.
 *
 * With a bare client: `{ getSecretValue: (input, options) => client.send(new GetSecretValueCommand(input), options) }`.
 */
export interface SecretSource {
  /** Reads the version that has the label now. */
  getSecretValue(input: SecretRequest, options: { readonly abortSignal: AbortSignal }): Promise<SecretAnswer>;
}
