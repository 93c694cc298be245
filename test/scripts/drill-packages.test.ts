import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENTS, writeDrillPackages } from '../../scripts/drill-packages';

const ROOT = join(__dirname, '../..');

interface Locked {
  readonly version: string;
  readonly integrity: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

const readLock = (...path: string[]): Lock => JSON.parse(readFileSync(join(...path, 'package-lock.json'), 'utf8')) as Lock;

describe('what npm installs for the drill', () => {
  let folder: string;
  let lock: Lock;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drill-packages-'));
    writeDrillPackages(ROOT, folder);
    lock = readLock(folder);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('is clients in the versions of the checkout, and those servers that it starts', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>; readonly optionalDependencies: object;
    };
    const { packages } = readLock(ROOT);
    expect(dependencies).toEqual(Object.fromEntries(CLIENTS.map((name) => [name, packages[`node_modules/${name}`].version])));
    expect(Object.keys(optionalDependencies))
      .toEqual(['node-24-arm64', 'node-24-x64', 'postgresql-18-arm64', 'postgresql-18-x64']);
    expect(lock.packages['']).toMatchObject({ dependencies, optionalDependencies });
  });

  test('has a checksum for each package, and comes from the registry that a machine is set to', () => {
    const [, ...installed] = Object.entries(lock.packages);
    expect(installed.length).toBeGreaterThan(CLIENTS.length);
    for (const [path, locked] of installed) {
      expect([path, locked.integrity]).toEqual([path, expect.stringMatching(/^sha512-[\w+/]{86}==$/)]);
      expect([path, Object.keys(locked)]).not.toEqual([path, expect.arrayContaining(['resolved'])]);
    }
  });

  test('has every package that another one needs', () => {
    const found = Object.entries(lock.packages).flatMap(([path, { dependencies = {} }]) => Object.keys(dependencies)
      .filter((name) => ![`node_modules/${name}`, `${path}/node_modules/${name}`].some((place) => place in lock.packages))
      .map((name) => `${path}: ${name}`));
    expect(found).toEqual([]);
  });
});
