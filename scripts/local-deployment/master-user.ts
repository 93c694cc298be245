import { escapeIdentifier, escapeLiteral } from 'pg';
import type { MariadbServer } from '../../test/servers/mariadb-server';
import type { PostgreSqlServer } from '../../test/servers/postgresql-server';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Roles that the master user of Amazon RDS for PostgreSQL may give to others. */
const GRANTABLE = ['pg_read_all_data', 'pg_write_all_data', 'pg_monitor', 'pg_signal_backend'];

/**
 * What the master user of Amazon RDS for MariaDB may do.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.MasterAccounts.html
 */
const PRIVILEGES = [
  'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'RELOAD', 'PROCESS', 'REFERENCES', 'INDEX', 'ALTER', 'SHOW DATABASES',
  'CREATE TEMPORARY TABLES', 'LOCK TABLES', 'EXECUTE', 'CREATE VIEW', 'SHOW VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE',
  'CREATE USER', 'EVENT', 'TRIGGER',
];

/** Creates the master user as Amazon RDS does: no superuser. */
export async function createPostgresqlMaster(server: PostgreSqlServer, { username, password }: Credentials): Promise<void> {
  const user = escapeIdentifier(username);
  await server.query(`CREATE ROLE ${user} LOGIN CREATEROLE CREATEDB PASSWORD ${escapeLiteral(password)};
    GRANT ${GRANTABLE.join(', ')} TO ${user} WITH ADMIN OPTION`);
}

/** Creates the master user as Amazon RDS does: not all privileges. */
export async function createMariadbMaster(server: MariadbServer, credentials: Credentials): Promise<void> {
  await server.createUser(credentials);
  await server.query(`GRANT ${PRIVILEGES.join(', ')} ON *.* TO ?@'%' WITH GRANT OPTION`, [credentials.username]);
}
