import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const ASSETS = path.join(ROOT, 'assets');
/** What every function has: signed requests, without the SDK. */
const SIGNER = ['@smithy/core', '@smithy/signature-v4', '@smithy/types'];
const POSTGRESQL_DRIVER = [
  'pg', 'pg-int8', 'pg-protocol', 'pg-types', 'postgres-array', 'postgres-bytea', 'postgres-date', 'postgres-interval',
  'xtend',
];
const AUTHORITIES = ['amazon-rds'];

interface Bundle {
  /** KiB at most. */
  readonly size: number;
  /** Packages in it besides the signer, which the client does without: its driver's, and no other's. */
  readonly driver: string[];
  /** What is in its folder besides. */
  readonly beside: string[];
}

const BUNDLES: Record<string, Bundle> = {
  'on-rotated': { size: 60, driver: [], beside: [] },
  'regenerate': { size: 60, driver: [], beside: [] },
  'rotate-cache-user': { size: 60, driver: [], beside: [] },
  'rotate-documentdb': { size: 280, driver: ['bson', 'mongodb'], beside: AUTHORITIES },
  'rotate-iam-access-key': { size: 60, driver: [], beside: [] },
  'rotate-ldap': { size: 75, driver: [], beside: [] },
  'rotate-mysql': { size: 280, driver: ['long', 'lru.min', 'mysql2', 'sql-escaper'], beside: AUTHORITIES },
  'rotate-oracle': { size: 480, driver: ['oracledb'], beside: AUTHORITIES },
  'rotate-postgresql': { size: 150, driver: POSTGRESQL_DRIVER, beside: AUTHORITIES },
  'rotate-redis': { size: 70, driver: [], beside: [] },
  'rotate-redshift': { size: 150, driver: POSTGRESQL_DRIVER, beside: [] },
  'rotate-sqlserver': { size: 290, driver: ['bl', 'inherits', 'native-duplexpair', 'tedious'], beside: AUTHORITIES },
  'rotation-runtime': { size: 60, driver: [], beside: ['index.d.ts', 'rotation-steps.d.ts'] },
  'secret-client': {
    size: 8,
    driver: [],
    beside: [
      'cached-secret-options.d.ts', 'cached-secret.d.ts', 'index.d.ts', 'login-refusal.d.ts', 'secret-source.d.ts',
      'secret-version.d.ts',
    ],
  },
};
const NAMES = Object.keys(BUNDLES);

function checksums(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(directory, file)).isFile());
  return Object.fromEntries(
    files.sort().map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(path.join(directory, file)))
        .digest('hex'),
    ]),
  );
}

test('the same sources make the same bytes, and they are the ones in assets', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'assets-'));
  const script = `require('./scripts/bundle-handlers.ts').bundleHandlers(${JSON.stringify(directory)})`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(directory).sort()).toEqual(NAMES);
  NAMES.forEach((name) => expect(checksums(path.join(directory, name))).toEqual(checksums(path.join(ASSETS, name))));
  rmSync(directory, { recursive: true });
});

describe.each(NAMES)('%s', (name) => {
  const { size, driver, beside } = BUNDLES[name];
  const file = path.join(ASSETS, name, 'index.js');

  test('is small, and one file with its licences', () => {
    expect(statSync(file).size).toBeLessThanOrEqual(size * 1024);
    expect(readdirSync(path.join(ASSETS, name)).sort()).toEqual(['LICENSES.txt', 'index.js', ...beside].sort());
  });

  test('carries its own driver and no other', () => {
    const licences = readFileSync(path.join(ASSETS, name, 'LICENSES.txt'), 'utf8');
    const packages = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm)].map(([, packageName]) => packageName);
    expect(packages).toEqual([...name === 'secret-client' ? [] : SIGNER, ...driver]);
  });

  test('says nothing of the machine it was made on', () => {
    expect(readFileSync(file, 'utf8')).not.toContain(ROOT);
    expect(readFileSync(file, 'utf8')).not.toContain('node_modules');
  });
});
