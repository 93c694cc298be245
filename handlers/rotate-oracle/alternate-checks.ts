import type { OracleStatements } from './oracle-statements';
import type { OracleUser } from './oracle-users';
import { RotationError } from '../core/rotation-error';

/** What every user has unless an administrator has given it another one. */
const EVERYBODYS_GROUP = 'DEFAULT_CONSUMER_GROUP';
const MISSING_VIEW = 'ORA_00942';
const NETWORK_ENTRIES = 'SELECT COUNT(*) AS "found" FROM sys.dba_host_aces WHERE principal = :name';
/** Exists in Oracle Database 23ai and newer. */
const SCHEMA_PRIVILEGES = 'SELECT COUNT(*) AS "found" FROM sys.dba_schema_privs WHERE grantee = :name';

/** Throws where an alternate user would not find what the base finds: objects of one user are not those of another. */
export function checkBase({ objects }: OracleUser): void {
  if (objects > 0) {
    throw new RotationError(
      'configuration',
      'the user owns objects, which an alternate user would not: rotate it as a single user, '
        + 'or give applications a user that has rights on the objects and synonyms for them',
    );
  }
}

/** Throws where the base has what its alternate user would not have, as far as the superuser sees it. */
export async function checkCopied(statements: OracleStatements, { username, clients, consumerGroup }: OracleUser): Promise<void> {
  const found = async (sql: string): Promise<boolean> => {
    const rows = await statements.rows<{ found: number }>(sql, { name: username }).catch((thrown: unknown) => {
      if (RotationError.from(thrown).code === MISSING_VIEW) {
        return [];
      }
      throw thrown;
    });
    return rows.some((row) => row.found > 0);
  };
  const missing = [
    ...clients > 0 ? ['the right to connect through other users (dba_proxies)'] : [],
    ...(consumerGroup ?? EVERYBODYS_GROUP) === EVERYBODYS_GROUP ? [] : ['an initial consumer group of its own'],
    ...await found(NETWORK_ENTRIES) ? ['an entry in a network access list (dba_host_aces)'] : [],
    ...await found(SCHEMA_PRIVILEGES) ? ['privileges on schemas (dba_schema_privs)'] : [],
  ];
  if (missing.length > 0) {
    throw new RotationError('configuration', 'the base has what is not copied to an alternate user: '
      + `${missing.join(', ')}; take it from the base, or rotate it as a single user`);
  }
}

/** What tells that an existing alternate user is not one that this function made, besides its rights. */
export function foreignTraits({ objects, proxies }: OracleUser): string[] {
  return [
    objects > 0 ? ['it owns objects'] : [],
    proxies > 0 ? ['others may connect as it'] : [],
  ].flat();
}
