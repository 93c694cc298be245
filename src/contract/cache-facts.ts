import type { PasswordRules } from './password-rules';

/** Location of the cache users that a function rotates. */
export interface CacheFacts {
  readonly service: 'elasticache' | 'memorydb';
  /** What precedes the id of a user in its ARN. */
  readonly userArnPrefix: string;
  /** URL of the service's endpoint, where it is not the Region's public one. */
  readonly endpoint?: string;
  /** The cluster at which new passwords are tried out; absent where there is none to reach. */
  readonly cluster?: { readonly host: string; readonly port: number | string };
}

/** One user of Amazon ElastiCache or Amazon MemoryDB that a function may change, and the secret it belongs to. */
export interface CacheUserBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** What the service knows the user by; of MemoryDB its name. */
  readonly userId: string;
  /** The name that the user signs in with. */
  readonly username: string;
  readonly password: PasswordRules;
  /** For how many hours a former password works, at the least. @default - until the next rotation */
  readonly formerWorksForHours?: number;
}

/** Passwords that users of Amazon ElastiCache and Amazon MemoryDB can have. */
export const CACHE_USER_PASSWORD = /^(?!.*[,"/@])[ -~]{16,128}$/;
