import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

function nodePackage(name: string, ...file: string[]): string {
  return path.join(__dirname, 'node_modules', `${name}-${process.arch}`, ...file);
}

/** Where `scripts/install-test-servers.mjs` puts the servers. */
export const Installation = {
  mariadb: path.join(ROOT, '.servers', 'mariadb'),
  pgbouncer: path.join(ROOT, '.servers', 'pgbouncer'),
  redis: path.join(ROOT, '.servers', 'redis'),
  slapd: path.join(ROOT, '.servers', 'slapd'),
  node24: nodePackage('node-24', 'bin', 'node'),
  postgresql: (version: number): string => nodePackage(`postgresql-${version}`, 'native'),
  /** Major versions, ascending. */
  postgresqlVersions: (): number[] =>
    (existsSync(path.join(__dirname, 'node_modules')) ? readdirSync(path.join(__dirname, 'node_modules')) : [])
      .flatMap((name) => /^postgresql-(\d+)-/.exec(name)?.[1] ?? [])
      .map(Number)
      .filter((version, index, all) => all.indexOf(version) === index)
      .sort((one, other) => one - other),
  python: path.join(ROOT, '.servers', 'venv', 'bin', 'python'),
  runtimeEmulator: path.join(ROOT, '.servers', 'aws-lambda-rie'),
} as const;

export type ServerName =
  'mariadb' | 'mariadb-plugins' | 'pgbouncer' | 'redis' | 'slapd' | 'postgresql-15' | 'postgresql-18' | 'secrets-manager'
  | 'lambda-runtime';

const NEEDS: Record<ServerName, string[]> = {
  'mariadb': [path.join(Installation.mariadb, 'usr', 'sbin', 'mariadbd')],
  'mariadb-plugins': ['auth_ed25519.so', 'simple_password_check.so'].map((file) =>
    path.join(Installation.mariadb, 'usr', 'lib', 'mysql', 'plugin', file),
  ),
  'pgbouncer': [path.join(Installation.pgbouncer, 'usr', 'sbin', 'pgbouncer')],
  'redis': [path.join(Installation.redis, 'usr', 'bin', 'redis-server')],
  'slapd': ['usr/sbin/slapd', 'usr/bin/ldapmodify'].map((file) => path.join(Installation.slapd, file)),
  'postgresql-15': [path.join(Installation.postgresql(15), 'bin', 'postgres')],
  'postgresql-18': [path.join(Installation.postgresql(18), 'bin', 'postgres')],
  'secrets-manager': [Installation.python],
  'lambda-runtime': [Installation.runtimeEmulator, Installation.node24],
};

/** Whether everything that the server needs is installed. */
export function isInstalled(server: ServerName): boolean {
  return NEEDS[server].every((file) => existsSync(file));
}
