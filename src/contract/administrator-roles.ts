/** A role as Amazon DocumentDB and MongoDB name it. */
export interface DatabaseRole {
  readonly role: string;
  readonly db: string;
}

/** Where users of Amazon DocumentDB and MongoDB are, unless the deployment says otherwise. */
export const DOCUMENTDB_DATABASE = 'admin';

/** Built-in roles with which their holder can become anybody; the second group only in the admin database. */
const ADMINISTRATORS: readonly string[] = ['root', '__system', 'userAdminAnyDatabase', 'restore'];
const ADMINISTRATORS_OF_ADMIN: readonly string[] = ['userAdmin', 'dbOwner'];

/** Roles of Oracle Database and Amazon RDS with which their holder may change others. */
export const ORACLE_ADMINISTRATOR_ROLES: readonly string[] = [
  'DBA', 'CDB_DBA', 'PDB_DBA', 'IMP_FULL_DATABASE', 'DATAPUMP_IMP_FULL_DATABASE', 'RDS_MASTER_ROLE',
];

/** The role that makes a user of Amazon Redshift a superuser. */
export const REDSHIFT_SUPERUSER_ROLE = 'sys:superuser';

/** A rule of Redis or Valkey that says which commands, keys or channels a user may use, and nothing of how it signs in. */
export const REDIS_RULE = /^(?:[+-]@?[a-z][a-z0-9_.|-]*|(?:~|%[RW]{1,2}~|&)\S+)$/i;

/** Commands, and categories of them, with which their holder can become anybody, or read what a server stores of passwords. */
const REDIS_ADMINISTRATORS: readonly string[] = [
  '@all', '@admin', '@dangerous', '@slow', 'acl', 'cluster', 'config', 'debug', 'failover', 'module', 'psync', 'replicaof',
  'shutdown', 'slaveof', 'sync',
];

/** Whether a rule for a new user makes it an administrator, or is not one that a new user can have. */
export function administersRedis(rule: string): boolean {
  const [granted] = /^\+[^|]*/.exec(rule.toLowerCase()) ?? [];
  return !REDIS_RULE.test(rule) || REDIS_ADMINISTRATORS.some((one) => granted === `+${one}`);
}

/** `role@database`, or a role of the database that users belong to. */
export function parseRole(text: string, database: string): DatabaseRole {
  const at = text.lastIndexOf('@');
  return at < 0 ? { role: text, db: database } : { role: text.slice(0, at), db: text.slice(at + 1) };
}

/** Whether a built-in role of Amazon DocumentDB or MongoDB makes its holder an administrator. */
export function administers({ role, db }: DatabaseRole): boolean {
  return ADMINISTRATORS.includes(role) || (db === DOCUMENTDB_DATABASE && ADMINISTRATORS_OF_ADMIN.includes(role));
}
