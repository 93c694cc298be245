import { quoteIdentifier } from './quoting';
import type { SqlserverConnection } from './sqlserver-connection';
import { RotationError } from '../core/rotation-error';
import type { Phase } from '../database/error-phases';
import { onlyRow } from '../database/only-row';

/** Its owner is an administrator of the server, and whoever may put a trigger there can become one without this function. */
const ALWAYS_TRUSTED = 'msdb';

/**
 * Changes a database as its owner, all or nothing.
 *
 * A trigger that somebody has put there runs with the rights of whoever makes a change, in the middle of it. As the database's
 * own user `dbo` it can do nothing outside the database, and nothing that it runs gets back to the superuser: that takes a
 * cookie, which only this batch has.
 *
 * @param first statements of the server, which no trigger of a database sees
 * @param phase what a failure means: that of a password where one is set
 */
export async function changeAsOwner(
  connection: SqlserverConnection,
  database: string,
  statements: readonly string[],
  first: readonly string[] = [],
  phase?: Phase,
): Promise<void> {
  if (statements.length === 0) {
    return;
  }
  await checkNotTrustworthy(connection, database);
  await connection.change(database, [
    ...first,
    'DECLARE @cookie varbinary(8000)',
    "EXECUTE AS USER = N'dbo' WITH COOKIE INTO @cookie",
    ...statements,
    'REVERT WITH COOKIE = @cookie',
  ], phase);
}

/** In such a database its owner is somebody outside of it as well. */
async function checkNotTrustworthy(connection: SqlserverConnection, database: string): Promise<void> {
  const row = onlyRow(await connection.rows<{ trustworthy: number }>(
    `USE ${quoteIdentifier(database)}; SELECT CAST(is_trustworthy_on AS int) AS trustworthy FROM sys.databases
    WHERE database_id = DB_ID()`,
  ));
  if (row.trustworthy !== 0 && database !== ALWAYS_TRUSTED) {
    throw new RotationError(
      'configuration',
      'a database that has to be changed is TRUSTWORTHY: what its owners have put there would run with rights outside of it. '
        + 'ALTER DATABASE … SET TRUSTWORTHY OFF, or rotate a user that has no user there',
    );
  }
}
