import type { RedshiftConnection } from './redshift-connection';
import type { RedshiftUser } from './redshift-users';
import { RotationError } from '../core/rotation-error';

const NO_CONNECTIONS = '0';
/** The server reads names of databases in small letters. */
const DATABASE = 'SELECT datallowconn AS open FROM pg_database WHERE lower(datname) = lower($1)';

/** Throws for a user that could not sign in with whatever password. */
export function checkMaySignIn({ expired, external, connectionLimit }: RedshiftUser, who: string): void {
  if (external) {
    throw new RotationError('configuration', `${who} comes from an identity provider, which has its password: it is not rotated`);
  }
  if (expired) {
    throw new RotationError('configuration', `the password of ${who} has expired by date, and a new one would have as well: `
      + "ALTER USER … VALID UNTIL 'infinity'");
  }
  if (connectionLimit?.trim() === NO_CONNECTIONS) {
    throw new RotationError('configuration', `${who} may have no connections: ALTER USER … CONNECTION LIMIT UNLIMITED`);
  }
}

/** Throws where nobody could open the database that clients of a user connect to. */
export async function checkDatabase(connection: RedshiftConnection, name: string): Promise<void> {
  const [database] = await connection.rows<{ open: boolean }>(DATABASE, [name]);
  if (!database?.open) {
    throw new RotationError('configuration', 'the database that clients of the user connect to does not exist, or takes no '
      + 'connections: create it, or name another one as dbname in the secret');
  }
}
