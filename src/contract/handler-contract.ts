/**
 * What the constructs tell the rotation functions, and nothing else: the only file that both sides import.
 *
 * Everything a rotation may touch is decided here, at deployment. The functions treat what stands in a secret and what
 * comes in an event as claims to be checked against these values.
 */

/** Names of the bundled functions: the folders of `assets/`. */
export type HandlerName = 'regenerate' | 'rotate-cache-user' | 'rotate-documentdb' | 'rotate-mysql' | 'rotate-oracle'
| 'rotate-postgresql' | 'rotate-redshift' | 'rotate-sqlserver';

/** Names of the environment variables that the constructs set and the functions read. */
export const Environment = {
  /** `prove` or `superuser`, see {@link RotationMode}. Absent for functions that reach no database. */
  MODE: 'ROTATION_MODE',
  /** JSON of {@link DatabaseFacts}. */
  DATABASE: 'ROTATION_DATABASE',
  /** JSON of {@link PasswordRules}: what a new password looks like. */
  PASSWORD: 'ROTATION_PASSWORD',
  /** JSON array of {@link UserBinding} (mode `superuser`), {@link ValueBinding} (function `regenerate`), {@link CacheUserBinding} or {@link StepsBinding}. */
  BINDINGS: 'ROTATION_BINDINGS',
  /** ARN of the secret that holds the superuser's credentials (mode `superuser`). */
  SUPERUSER_SECRET: 'ROTATION_SUPERUSER_SECRET',
  /** JSON of {@link CacheFacts} (function `rotate-cache-user`). */
  CACHE: 'ROTATION_CACHE',
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
  /** Port to connect to, where it is not the one that the secret names. Oracle only. */
  readonly tlsPort?: number | string;
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

/** What a generated password looks like, in the terms of `GetRandomPassword`. */
export interface PasswordRules {
  /** Characters. */
  readonly length: number;
  readonly excludeCharacters: string;
  readonly excludeLowercase?: boolean;
  readonly excludeUppercase?: boolean;
  readonly excludeNumbers?: boolean;
  readonly excludePunctuation?: boolean;
  readonly includeSpace?: boolean;
  /** Whether each type of which something is left occurs at least once; absent for yes. */
  readonly requireEachIncludedType?: boolean;
}

/** The characters of each type that passwords are made of. */
const CHARACTERS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
  space: ' ',
};

export type CharacterType = keyof typeof CHARACTERS;

/** What the rules leave of each type of characters that they do not leave out as a whole: empty where it is excluded one by one. */
export function includedCharacters(rules: PasswordRules): Map<CharacterType, string> {
  const leftOut: Record<CharacterType, boolean | undefined> = {
    lowercase: rules.excludeLowercase,
    uppercase: rules.excludeUppercase,
    numbers: rules.excludeNumbers,
    punctuation: rules.excludePunctuation,
    space: !rules.includeSpace,
  };
  const types = (Object.keys(CHARACTERS) as CharacterType[]).filter((type) => !leftOut[type]);
  return new Map(types.map((type) => [type, [...CHARACTERS[type]].filter((character) => !rules.excludeCharacters.includes(character)).join('')]));
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
export interface ValueBinding extends ValueRules {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** JSON field that is replaced, with a key pair that of the private key; absent where the value is the whole string. */
  readonly field?: string;
}

/** What the value is: exactly one of these. */
export interface ValueRules {
  readonly password?: PasswordRules;
  readonly apiToken?: ApiTokenRules;
  readonly symmetricKey?: SymmetricKeyRules;
  /** A random one, of version 4. */
  readonly uuid?: true;
  readonly keyPair?: KeyPairRules;
  readonly sshKeyPair?: SshKeyPairRules;
}

export interface ApiTokenRules {
  readonly prefix: string;
  readonly alphabet: string;
  /** Characters after the prefix. */
  readonly length: number;
}

/** A random key, in base64. */
export interface SymmetricKeyRules {
  readonly bytes: number;
}

/** A private key as PKCS #8 and its public key as SubjectPublicKeyInfo, both in PEM. */
export interface KeyPairRules {
  readonly spec: KeySpec;
  /** JSON field of the public key. */
  readonly publicKeyField: string;
}

/** A private key in the format of OpenSSH, and its public key as a line of `authorized_keys`. */
export interface SshKeyPairRules extends KeyPairRules {
  readonly comment?: string;
  /** Whether the private key is PKCS #8 in PEM instead. */
  readonly pem?: boolean;
}

/** Which algorithm and parameters a key pair is of, as `KeyPairSpec` names them. */
export type KeySpec = (typeof KEY_SPECS)[number];

export const KEY_SPECS = ['rsa2048', 'rsa3072', 'rsa4096', 'p256', 'p384', 'p521', 'ed25519'] as const;

/** One secret that a function of the user's with our steps rotates. */
export interface StepsBinding {
  /** ARN or name of the secret. */
  readonly secret: string;
  /** JSON field that was generated; absent where the value is the whole string. */
  readonly field?: string;
  /** Absent where nothing was generated. */
  readonly password?: PasswordRules;
}

/** Where the users of caches are that a function rotates. */
export interface CacheFacts {
  readonly service: 'elasticache' | 'memorydb';
  /** What stands before the id of a user in its ARN. */
  readonly userArnPrefix: string;
  /** URL of the service's endpoint, where it is not the Region's public one. */
  readonly endpoint?: string;
  /** The cluster that new passwords are proved at; absent where none is to be reached. */
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
}

/** Passwords that users of Amazon ElastiCache and Amazon MemoryDB can have. */
export const CACHE_USER_PASSWORD = /^(?!.*[,"/@])[ -~]{16,128}$/;

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

/** Users of Amazon DocumentDB and MongoDB themselves. */
export const RESERVED_DOCUMENTDB_USERS = /^(__system|serviceadmin|rdsadmin)$/;

/** Users of SQL Server itself, of Windows and of Amazon RDS, and names that no login can have; the server does not tell capital letters from others. */
export const RESERVED_SQLSERVER_USERS = /^(##.*##|.*\\.*|(sa|rdsa|rdsadmin|distributor_admin|dbo|guest|sys|information_schema|public)$)/is;

/** Users of Oracle Database itself and of Amazon RDS, in quotation marks or not. */
export const RESERVED_ORACLE_USERS = new RegExp(`^"?((RDS_|APEX_|ORDS_|XS\\$|SYS\\$|C##DBAAS_).*|${[
  'SYS', 'SYSTEM', 'SYSBACKUP', 'SYSDG', 'SYSKM', 'SYSRAC', 'SYSMAN', 'DBSNMP', 'DBSFWUSER', 'OUTLN', 'XDB', 'ANONYMOUS', 'AUDSYS', 'CTXSYS', 'MDSYS', 'MDDATA',
  'ORDSYS', 'ORDDATA', 'ORDPLUGINS', 'LBACSYS', 'DVSYS', 'DVF', 'OJVMSYS', 'OLAPSYS', 'WMSYS', 'EXFSYS', 'SI_INFORMTN_SCHEMA', 'DIP', 'ORACLE_OCM', 'APPQOSSYS',
  'GSMADMIN_INTERNAL', 'GSMCATUSER', 'GSMUSER', 'REMOTE_SCHEDULER_AGENT', 'GGSYS', 'MGMT_VIEW', 'RDSADMIN', 'RDSSEC', 'PUBLIC',
].join('|')})"?$`, 'i');

/** The user of Amazon Redshift itself, those that come from IAM and IAM Identity Center, and the name that stands for all. */
export const RESERVED_REDSHIFT_USERS = /^((rdsdb|public)$|(iam|iamr|iama|awsidc):)/i;

/** Tag that marks a secret as one that the library's functions rotate: a guard against mistakes, not against attackers. */
export const ROTATION_MARKER_TAG = 'cdk-secretsmanager-patterns:rotation';
