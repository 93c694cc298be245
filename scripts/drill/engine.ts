import type { ServerName } from '../../test/servers/installation';

/** A server that can be started on this machine. */
export type ServerKind = 'postgresql' | 'mariadb' | 'redis';

/** What the tests know each by, and what it is called. */
export const SERVERS: Readonly<Record<ServerKind, { readonly installed: ServerName; readonly title: string }>> = {
  postgresql: { installed: 'postgresql-18', title: 'PostgreSQL 18' },
  mariadb: { installed: 'mariadb', title: 'MariaDB' },
  redis: { installed: 'redis', title: 'Redis' },
};

/** The server for each engine, by the name that secrets have for it. MariaDB is no MySQL: they differ in the statements. */
const SERVER_OF: Readonly<Record<string, ServerKind>> = {
  'postgres': 'postgresql',
  'aurora-postgresql': 'postgresql',
  'mariadb': 'mariadb',
  'redis': 'redis',
  'valkey': 'redis',
};

/** The server that an engine is drilled on, where there is one. */
export function serverOf(engine: string): ServerKind | undefined {
  return SERVER_OF[engine];
}
