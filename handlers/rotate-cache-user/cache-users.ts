import type { CallLimits } from '../aws/signed-requests';

/** A user as the service describes it. It never tells passwords, only how many there are. */
export interface CacheUser {
  readonly arn: string;
  /** The name that the user signs in with. */
  readonly username: string;
  /** `active`, `modifying` or `deleting`. */
  readonly status: string;
  /** `password`, `no-password` or `iam`. */
  readonly authentication: string;
  readonly passwordCount: number;
}

/** Port to a service that keeps users of caches. Every failure is a `RotationError`. */
export interface CacheUsers {
  describe(userId: string, limits: CallLimits): Promise<CacheUser>;
  /** Replaces the user's passwords, of which there may be two. It is in force everywhere once the user is active again. */
  setPasswords(userId: string, passwords: readonly string[], limits: CallLimits): Promise<void>;
}

/** The code, or its beginning, of the answer to a change of a user that is being changed already. */
export const INVALID_USER_STATE = 'InvalidUserState';
