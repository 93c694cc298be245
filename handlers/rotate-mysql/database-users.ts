import type { Account } from './account';
import type { MysqlConnection } from './mysql-connection';
import { quoteLiteral } from './quoting';
import { RotationError } from '../core/rotation-error';

/** What the tables of users say in MySQL and in MariaDB. */
export interface DatabaseUser extends Account {
  readonly plugin: string;
  /** What the server stores of the password. */
  readonly hash: string;
  /** Empty, `ANY`, `X509` or `SPECIFIED`. */
  readonly tls: string;
  readonly cipher: string;
  readonly issuer: string;
  readonly subject: string;
  readonly queries: number;
  readonly updates: number;
  readonly connections: number;
  readonly simultaneous: number;
  /** Whether nobody can sign in as the user. */
  readonly locked: boolean;
  /** Whether the password has to be set again before it is of use. */
  readonly expired: boolean;
}

/** A row of the table; a flag is 0, 1 or null. */
type Row<T> = Omit<T, 'locked' | 'expired'> & { locked: number | null; expired: number | null };

const COLUMNS = `User AS username, Host AS host, plugin, authentication_string AS hash, ssl_type AS tls,
  CONVERT(ssl_cipher USING utf8mb4) AS cipher, CONVERT(x509_issuer USING utf8mb4) AS issuer, CONVERT(x509_subject USING utf8mb4) AS subject,
  max_questions AS queries, max_updates AS updates, max_connections AS connections, max_user_connections AS simultaneous`;

/** The users of names, in their order. Where one has several hosts, it is not known for which of them the secret is. */
export async function findUsers<T extends DatabaseUser>(
  connection: MysqlConnection,
  usernames: readonly string[],
  { columns, where = '' }: { columns: string; where?: string },
): Promise<(T | undefined)[]> {
  const names = usernames.map(quoteLiteral);
  const rows = await connection.rows<Row<T>>(
    `SELECT ${COLUMNS}, ${columns} FROM mysql.user WHERE User ${among(names)}${where}`,
  );
  return usernames.map((username) => {
    // The server pads with spaces before it compares.
    const users = rows.filter((row) => row.username === username);
    if (users.length > 1) {
      throw severalUsers();
    }
    return users.map((row) => ({ ...row, locked: row.locked === 1, expired: row.expired === 1 }) as unknown as T)[0];
  });
}

function among(values: readonly string[]): string {
  return values.length === 1 ? `= ${values[0]}` : `IN (${values.join(', ')})`;
}

/** The password of one would be changed, and clients of the others locked out. */
export function severalUsers(): RotationError {
  return new RotationError('conflict', 'there are several users of the name, for different hosts: drop all but one');
}

/** How the user has to connect, and its limits, as a clause of a statement. */
export function demandsOf({ tls, cipher, queries, updates, connections, simultaneous }: DatabaseUser): string {
  const required = cipher === '' ? (tls === 'ANY' ? 'SSL' : 'NONE') : `CIPHER ${quoteLiteral(cipher)}`;
  return `REQUIRE ${required} WITH MAX_QUERIES_PER_HOUR ${queries} MAX_UPDATES_PER_HOUR ${updates} `
    + `MAX_CONNECTIONS_PER_HOUR ${connections} MAX_USER_CONNECTIONS ${simultaneous}`;
}

/** When passwords of the user expire, as a clause of a statement. */
export function expiryOf(days: number | null): string {
  return `PASSWORD EXPIRE ${days === null ? 'DEFAULT' : days === 0 ? 'NEVER' : `INTERVAL ${days} DAY`}`;
}

/** An existing alternate user is somebody else's, and is not taken over. */
export function foreignAlternate(reasons: readonly string[]): RotationError {
  return new RotationError(
    'conflict',
    `the alternate user exists and is not one that this function made: ${reasons.join(', ')}; drop or rename it`,
  );
}
