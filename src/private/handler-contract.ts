/**
 * What the constructs tell the rotation functions, and nothing else: the only file that both sides import.
 *
 * Everything a rotation may touch is decided here, at deployment. The functions treat what stands in a secret and what
 * comes in an event as claims to be checked against these values.
 */

/** Names of the environment variables that the constructs set and the functions read. */
export const Environment = {
  /** `prove` or `superuser`, see {@link RotationMode}. Absent for functions that reach no database. */
  MODE: 'ROTATION_MODE',
  /** JSON of {@link DatabaseFacts}. */
  DATABASE: 'ROTATION_DATABASE',
  /** JSON of {@link PasswordRules}: what a new password looks like. */
  PASSWORD: 'ROTATION_PASSWORD',
  /** JSON array of {@link UserBinding} (mode `superuser`) or {@link ValueBinding} (function `regenerate`). */
  BINDINGS: 'ROTATION_BINDINGS',
  /** ARN of the secret that holds the superuser's credentials (mode `superuser`). */
  SUPERUSER_SECRET: 'ROTATION_SUPERUSER_SECRET',
  /** URL of the Secrets Manager endpoint, where it is not the Region's public one. */
  ENDPOINT: 'SECRETS_MANAGER_ENDPOINT',
} as const;

/**
 * How a function may act on a database.
 *
 * `prove`: as the user whose working credentials the secret holds; `superuser`: on bound users, with the superuser's credentials.
 */
export type RotationMode = 'prove' | 'superuser';

/** Where the database is and how to be sure of it. */
export interface DatabaseFacts {
  /** As it stands in the secret's `engine` field: `postgres`, `mysql` … */
  readonly engine: string;
  readonly host: string;
  /** A number, or the text of one where the template resolves it. */
  readonly port: number | string;
  /** Database to connect to where the secret names none. */
  readonly databaseName?: string;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly tlsServerName?: string;
  /** PEM of the certificate authorities to trust instead of the Amazon RDS bundle. */
  readonly certificateAuthorities?: string;
  /** Whether a server that asks for an md5 hash gets one. PostgreSQL only. */
  readonly allowMd5?: boolean;
  /** Whether passwords are sent in `ALTER ROLE` as such, for servers that refuse verifiers. PostgreSQL only. */
  readonly plainPasswordStatement?: boolean;
}

/** What a generated password looks like. Each class of characters that is not excluded entirely occurs at least once. */
export interface PasswordRules {
  /** Characters. */
  readonly length: number;
  readonly excludeCharacters: string;
  readonly excludePunctuation?: boolean;
}

/** One user that a `superuser` function may change, and the secret it belongs to. */
export interface UserBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** The user; with alternating users the base, whose alternate is `<username>_clone`. */
  readonly username: string;
  /** `dualPassword`: the former password works until the next rotation. */
  readonly strategy: 'single' | 'alternating' | 'dualPassword';
  /** Present where the user may be created on the first rotation: the roles it becomes a member of. */
  readonly createWithRoles?: string[];
}

/** One secret whose value the `regenerate` function makes. */
export interface ValueBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** JSON field that is replaced; absent where the value is the whole string. */
  readonly field?: string;
  readonly password: PasswordRules;
}

/** The constant event with which the daily audit runs a rotation function. */
export interface AuditEvent {
  readonly audit: ExpectedSecret[];
}

/** What must be true of a secret that rotates. */
export interface ExpectedSecret {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** Longest time between two rotations, in hours, grace included. */
  readonly rotatesWithinHours: number;
  /** ARN of the key that encrypts it, `customer` for any customer managed key, absent for any key. */
  readonly key?: string;
  /** Regions whose replicas must be in sync. */
  readonly replicaRegions?: string[];
}

/** The suffix that makes the alternate user's name. */
export const ALTERNATE_USER_SUFFIX = '_clone';

/** Users of PostgreSQL itself and of Amazon RDS, which nobody rotates but they. */
export const RESERVED_POSTGRESQL_USERS = /^(pg_|rds_|(rdsadmin|rdsproxyadmin|rdsrepladmin|rdstopmgr|rdswriteforwarduser)$)/;

/** Users of MySQL and MariaDB themselves and of Amazon RDS. */
export const RESERVED_MYSQL_USERS = /^(mysql\.|mariadb\.|rds_|(rdsadmin|rdsproxyadmin|rdsrepladmin|rdstopmgr)$)/;

/** Tag that marks a secret as one that the library's functions rotate: a guard against mistakes, not against attackers. */
export const ROTATION_MARKER_TAG = 'cdk-secretsmanager-patterns:rotation';
