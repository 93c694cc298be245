/*
 * What the constructs configure the rotation functions with, and nothing else: this folder is all that both sides import.
 *
 * Everything a rotation may touch is decided at deployment. The functions treat what is in a secret and what comes in an event as
 * claims to be checked against these values.
 */

/** Names of the environment variables that the constructs set and the functions read. */
export const Environment = {
  /** `prove` or `superuser`, see {@link RotationMode}. Absent for functions that reach no database. */
  MODE: 'ROTATION_MODE',
  /** JSON of {@link DatabaseFacts}. */
  DATABASE: 'ROTATION_DATABASE',
  /** JSON of {@link PasswordRules}: what a new password looks like. */
  PASSWORD: 'ROTATION_PASSWORD',
  /**
   * JSON of {@link PackedBindings}, of {@link UserBinding} (mode `superuser`), {@link ValueBinding} (function `regenerate`),
   * {@link CacheUserBinding}, {@link AccessKeyBinding} (function `rotate-iam-access-key`) or {@link StepsBinding}.
   */
  BINDINGS: 'ROTATION_BINDINGS',
  /** ARN of the secret that holds the superuser's credentials (mode `superuser`). */
  SUPERUSER_SECRET: 'ROTATION_SUPERUSER_SECRET',
  /** JSON of {@link CacheFacts} (function `rotate-cache-user`). */
  CACHE: 'ROTATION_CACHE',
  /** URL of the Secrets Manager endpoint, where it is not the Region's public one. */
  ENDPOINT: 'SECRETS_MANAGER_ENDPOINT',
} as const;

/** Tag that marks a secret as one that the library's functions rotate: a guard against mistakes, not against attackers. */
export const ROTATION_MARKER_TAG = 'cdk-secretsmanager-patterns:rotation';
