// The public API of the client, packed as a declaration: it imports nothing.

/** What drivers put into an error. */
interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly errorNum?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
}

type Rule = (error: DriverError) => boolean;

/** SQLSTATE: `invalid_password`, `invalid_authorization_specification`; PgBouncer has one code for all that it says. */
const POSTGRESQL: Rule = ({ code, message }) =>
  code === '28P01' || code === '28000' || (code === '08P01' && /authentication failed/.test(String(message)));
/** `ER_ACCESS_DENIED_ERROR`, and the same without a password. */
const MYSQL: Rule = ({ code, errno }) =>
  (errno === 1045 || errno === 1698) && typeof code === 'string' && code.startsWith('ER_');
/** Of tedious, and of mssql, which wraps it. */
const SQL_SERVER: Rule = ({ code }) => code === 'ELOGIN';
/** `AuthenticationFailed`, and what MongoDB Atlas answers in its place. */
const MONGODB: Rule = ({ code, name }) => name === 'MongoServerError' && (code === 18 || code === 8000);
/** Of ioredis and node-redis: an answer's first word is its class. */
const REDIS: Rule = ({ message }) => typeof message === 'string' && /^(WRONGPASS|NOAUTH)\b/.test(message);
/** ORA-01017. */
const ORACLE: Rule = ({ code, errorNum }) => errorNum === 1017 || code === 'ORA-01017';
/** LDAP's result `invalidCredentials`, of ldapts and ldapjs. */
const LDAP: Rule = ({ code, name }) => code === 49 && name === 'InvalidCredentialsError';

const RULES: readonly Rule[] = [POSTGRESQL, MYSQL, SQL_SERVER, MONGODB, REDIS, ORACLE, LDAP];
/** Where what a driver threw is found in the error of a pool, a cluster, a query builder or a mapper. */
const WRAPPED_IN = ['cause', 'originalError', 'original', 'driverError', 'lastNodeError'];
/** As deep as any of them wraps. */
const DEEPEST = 5;

/**
 * Whether an error says that a server has refused a user name or a password: that of pg, mysql2 and mariadb, tedious and mssql,
 * mongodb, ioredis and redis, oracledb, ldapts and ldapjs, and of what wraps it.
 *
 * Extend it for other services: `(error) => isLoginRefused(error) || (error as HttpError).status === 401`.
 */
export function isLoginRefused(error: unknown): boolean {
  return isRefusalWithin(error, DEEPEST);
}

function isRefusalWithin(error: unknown, depth: number): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) {
    return false;
  }
  return RULES.some((rule) => rule(error))
    || WRAPPED_IN.some((name) => isRefusalWithin((error as Record<string, unknown>)[name], depth - 1));
}
