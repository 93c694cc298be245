import { type Account, parseAccount } from './account';
import { severalUsers } from './database-users';
import type { MysqlConnection } from './mysql-connection';
import { quoteLiteral } from './quoting';

/**
 * Throws where a session sees that its name has accounts for other hosts, whose clients a change of its own would lock out.
 *
 * The server shows a user its own account, and those of others only where it may read the tables of users.
 */
export async function checkOnlyAccount(connection: MysqlConnection, account: Account): Promise<void> {
  const beginning = quoteLiteral(`'${account.username}'@`);
  const rows = await connection.rows<{ grantee: string }>(`SELECT DISTINCT GRANTEE AS grantee
    FROM information_schema.USER_PRIVILEGES WHERE LEFT(GRANTEE, CHAR_LENGTH(${beginning})) = ${beginning}`);
  if (rows.some(({ grantee }) => isOther(grantee, account))) {
    throw severalUsers();
  }
}

/** The comparison of the server ignores case; a role has no host. */
function isOther(grantee: string, account: Account): boolean {
  const { username, host } = parseAccount(grantee);
  return username === `'${account.username}'` && host !== "''" && host.toLowerCase() !== `'${account.host}'`.toLowerCase();
}
