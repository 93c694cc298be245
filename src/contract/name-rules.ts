/** The limits of a name on a server. */
export interface NameRule {
  /** What a name must not contain. */
  readonly unfit: RegExp;
  readonly maximum: number;
  /** @default - units of UTF-16 */
  readonly inBytes?: true;
}

/** The names that a function sends to a server. */
export interface NameRules {
  readonly user: NameRule;
  readonly database: NameRule;
}

/** NUL would end the text in protocols, half a surrogate pair has no UTF-8. */
const UNFIT = /[\0\p{Cs}]/u;
/** Names in the catalogue have characters of up to three bytes. */
const UNFIT_IN_MYSQL = /[\0\p{Cs}\u{10000}-\u{10ffff}]/u;

export const POSTGRESQL_NAMES = sameFor({ unfit: UNFIT, maximum: 63, inBytes: true });
export const REDSHIFT_NAMES = sameFor({ unfit: UNFIT, maximum: 127, inBytes: true });
export const MYSQL_NAMES = mysqlNames(32);
export const MARIADB_NAMES = mysqlNames(80);

/**
 * What a text in quotation marks cannot express in Transact-SQL: it takes a backslash before the end of a line away.
 *
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/sql-server-utilities-statements-backslash
 */
export const SQLSERVER_NAMES = sameFor({ unfit: /[\0\p{Cs}]|\\\r?\n/u, maximum: 128 });

export const DOCUMENTDB_NAMES: NameRules = {
  user: { unfit: UNFIT, maximum: 63, inBytes: true },
  // What a database's name cannot contain, and what would end it in `saslSupportedMechs`.
  database: { unfit: /[\0\p{Cs}. "$*<>:|?/\\]/u, maximum: 63, inBytes: true },
};

export const ORACLE_NAMES: NameRules = {
  // Read in upper case; in quotation marks as it is written.
  user: { unfit: /^(?![A-Za-z][A-Za-z0-9_$#]*$|"[^"\0\p{Cs}]+"$)/u, maximum: 128, inBytes: true },
  // The name of a service: nothing that could end a value in a descriptor.
  database: { unfit: /^(?![A-Za-z0-9][A-Za-z0-9_.$#-]*$)/, maximum: 128 },
};

/**
 * A server reads a line of users again when it starts: it divides it by spaces, and takes quotation marks and backslashes in it
 * for the beginning of a text.
 */
export const REDIS_NAMES: NameRules = {
  user: { unfit: /[\s\p{Cc}\p{Cs}"'\\]/u, maximum: 128, inBytes: true },
  // Databases have numbers, and users are those of the server.
  database: { unfit: /^/, maximum: 0 },
};

/** Whether a server keeps the name as it is. */
export function fits(name: string, { unfit, maximum, inBytes }: NameRule): boolean {
  return !unfit.test(name) && (inBytes ? Buffer.byteLength(name) : name.length) <= maximum;
}

function sameFor(rule: NameRule): NameRules {
  return { user: rule, database: rule };
}

function mysqlNames(maximum: number): NameRules {
  return { user: { unfit: UNFIT_IN_MYSQL, maximum }, database: { unfit: UNFIT_IN_MYSQL, maximum: 64 } };
}
