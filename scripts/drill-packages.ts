import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clients of AWS and of databases, which the drill loads from where its servers are. */
export const CLIENTS = ['@aws-sdk/client-kms', '@aws-sdk/client-lambda', '@aws-sdk/client-secrets-manager', 'mysql2', 'pg'];
/** Of the servers of the tests, those that the drill starts. */
const SERVERS = /^(node_modules\/)?(node-24|postgresql-18)-/;

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly dev?: boolean;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * Writes what npm installs for the drill: the servers that the tests have pinned, and the clients with which the tests are run,
 * with their checksums.
 */
export function writeDrillPackages(root: string, target: string): void {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const manifest = read('test/servers/package.json') as { readonly optionalDependencies: Readonly<Record<string, string>> };
  const lock = read('test/servers/package-lock.json') as Lock;
  const { packages } = read('package-lock.json') as Lock;
  const dependencies = Object.fromEntries(CLIENTS.map((name) => [name, packages[`node_modules/${name}`].version]));
  const optionalDependencies = serversOf(manifest.optionalDependencies);
  const write = (name: string, content: unknown): void => writeFileSync(join(target, name), JSON.stringify(content));
  write('package.json', { ...manifest, dependencies, optionalDependencies });
  write('package-lock.json', {
    ...lock,
    packages: {
      '': { ...lock.packages[''], dependencies, optionalDependencies },
      ...clientsOf(packages),
      ...serversOf(lock.packages),
    },
  });
}

function serversOf<T>(packages: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(packages).filter(([name]) => SERVERS.test(name)));
}

/** The clients and all that they depend on. */
function clientsOf(packages: Lock['packages']): Record<string, LockedPackage> {
  const found: Record<string, LockedPackage> = {};
  const add = (path: string): void => {
    if (path in found) return;
    const { dev, ...locked } = packages[path];
    found[path] = locked;
    const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} } = locked;
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
    [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers].forEach((name) => add(pathOf(packages, path, name)));
  };
  CLIENTS.forEach((name) => add(`node_modules/${name}`));
  return Object.fromEntries(Object.entries(found).sort(([one], [other]) => one < other ? -1 : 1));
}

/** Where Node.js finds a package: in the package that needs it, or in one of those around it. */
function pathOf(packages: Lock['packages'], from: string, name: string): string {
  for (let around = from; ; around = around.slice(0, Math.max(0, around.lastIndexOf('/node_modules/')))) {
    const path = join(around, 'node_modules', name);
    if (path in packages) return path;
    if (around === '') throw new Error(`package-lock.json has no ${name}, which ${from} needs`);
  }
}
