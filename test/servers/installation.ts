import { existsSync, readdirSync } from 'node:fs';
import * as path from 'node:path';

/** Inside the checkout, unless a user of the library has had them installed elsewhere. */
const elsewhere = (): string | undefined => process.env.TEST_SERVERS_FOLDER;

function server(...file: string[]): string {
  return path.join(elsewhere() ?? path.resolve(__dirname, '../../.servers'), ...file);
}

function nodePackages(): string {
  const folder = elsewhere();
  return path.join(folder === undefined ? __dirname : path.join(folder, 'node'), 'node_modules');
}

function nodePackage(name: string, ...file: string[]): string {
  return path.join(nodePackages(), `${name}-${process.arch}`, ...file);
}

/** Where `scripts/install-test-servers.mjs` puts the servers. */
export const Installation = {
  get mariadb(): string {
    return server('mariadb');
  },
  get pgbouncer(): string {
    return server('pgbouncer');
  },
  get redis(): string {
    return server('redis');
  },
  get slapd(): string {
    return server('slapd');
  },
  get node24(): string {
    return nodePackage('node-24', 'bin', 'node');
  },
  postgresql: (version: number): string => nodePackage(`postgresql-${version}`, 'native'),
  /** Major versions, ascending. */
  postgresqlVersions: (): number[] =>
    (existsSync(nodePackages()) ? readdirSync(nodePackages()) : [])
      .flatMap((name) => /^postgresql-(\d+)-/.exec(name)?.[1] ?? [])
      .map(Number)
      .filter((version, index, all) => all.indexOf(version) === index)
      .sort((one, other) => one - other),
  get python(): string {
    return server('venv', 'bin', 'python');
  },
  get runtimeEmulator(): string {
    return server('aws-lambda-rie');
  },
};

export type ServerName =
  'mariadb' | 'mariadb-plugins' | 'pgbouncer' | 'redis' | 'slapd' | 'postgresql-15' | 'postgresql-18' | 'secrets-manager'
  | 'lambda-runtime';

const NEEDS: Record<ServerName, () => string[]> = {
  'mariadb': () => [path.join(Installation.mariadb, 'usr', 'sbin', 'mariadbd')],
  'mariadb-plugins': () => ['auth_ed25519.so', 'simple_password_check.so'].map((file) =>
    path.join(Installation.mariadb, 'usr', 'lib', 'mysql', 'plugin', file),
  ),
  'pgbouncer': () => [path.join(Installation.pgbouncer, 'usr', 'sbin', 'pgbouncer')],
  'redis': () => [path.join(Installation.redis, 'usr', 'bin', 'redis-server')],
  'slapd': () => ['usr/sbin/slapd', 'usr/bin/ldapmodify'].map((file) => path.join(Installation.slapd, file)),
  'postgresql-15': () => [path.join(Installation.postgresql(15), 'bin', 'postgres')],
  'postgresql-18': () => [path.join(Installation.postgresql(18), 'bin', 'postgres')],
  'secrets-manager': () => [Installation.python],
  'lambda-runtime': () => [Installation.runtimeEmulator, Installation.node24],
};

/** Whether everything that the server needs is installed. */
export function isInstalled(name: ServerName): boolean {
  return NEEDS[name]().every((file) => existsSync(file));
}
