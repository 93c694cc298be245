import type { PasswordRules } from './password-rules';

/** One secret that a function of the user's with our steps rotates. */
export interface StepsBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** JSON field that was generated; absent where the value is the whole string. */
  readonly field?: string;
  /** Absent where nothing was generated. */
  readonly password?: PasswordRules;
}
