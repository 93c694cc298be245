/**
 * How a function may act on a database.
 *
 * `prove`: as the user whose working credentials the secret holds; `superuser`: on bound users, with the superuser's credentials.
 */
export type RotationMode = 'prove' | 'superuser';

/** Where the database is and how to be sure of it. */
export interface DatabaseFacts {
  /** As in the secret's `engine` field: `postgres`, `mysql` … */
  readonly engine: string;
  readonly host: string;
  /** Servers beside that host, at the same port, which do not tell each other of users. Redis and Valkey only. */
  readonly furtherHosts?: readonly string[];
  /** A number, or the text of one where the template resolves it. */
  readonly port: number | string;
  /** Port to connect to, where it is not the one that the secret names. Oracle only. */
  readonly tlsPort?: number | string;
  /** Database to connect to where the secret names none. */
  readonly databaseName?: string;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly tlsServerName?: string;
  /** PEM of the certificate authorities to trust instead of the Amazon RDS bundle; in the environment packed. */
  readonly certificateAuthorities?: string;
  /** Whether a server that asks for an md5 hash gets one. PostgreSQL only. */
  readonly allowMd5?: boolean;
  /** Whether passwords are sent in statements as such, for servers that refuse what they store. PostgreSQL, MySQL, MariaDB. */
  readonly plainPasswordStatement?: boolean;
}

/** One user that a `superuser` function may change, and the secret it belongs to. */
export interface UserBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** The user; with alternating users the base. */
  readonly username: string;
  /** `dualPassword`: the former password works until the next rotation. */
  readonly strategy: 'single' | 'alternating' | 'dualPassword';
  /** The second of two alternating users, where it has another name than `<username>_clone`. */
  readonly alternateUsername?: string;
  /** Present where the user may be created on the first rotation: the roles it becomes a member of. */
  readonly createWithRoles?: string[];
  /** For how many hours a former credential works, at the least. @default - until the next rotation */
  readonly formerWorksForHours?: number;
}

/** The suffix that makes the alternate user's name, where it is not given. */
export const ALTERNATE_USER_SUFFIX = '_clone';
