import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { toDigits } from '../../src/rotation-function/private/certificate-digits';

const ROOT = path.resolve(__dirname, '../..');
const ASSETS = path.join(ROOT, 'assets');
/** What every function has: signed requests, without the SDK. */
const SIGNER = ['@smithy/core', '@smithy/signature-v4', '@smithy/types'];
const POSTGRESQL_DRIVER = [
  'pg', 'pg-int8', 'pg-protocol', 'pg-types', 'postgres-array', 'postgres-bytea', 'postgres-date', 'postgres-interval',
  'xtend',
];

interface Bundle {
  /** KiB at most. */
  readonly size: number;
  /** Packages in it besides the signer, which the client does without: its driver's, and no other's. */
  readonly driver: string[];
  /** Whether its function has the certificate authorities of Amazon RDS. */
  readonly authorities?: boolean;
  /** What is in its folder besides. */
  readonly declarations?: string[];
}

const BUNDLES: Record<string, Bundle> = {
  'on-rotated': { size: 60, driver: [] },
  'regenerate': { size: 60, driver: [] },
  'rotate-cache-user': { size: 60, driver: [] },
  'rotate-documentdb': { size: 280, driver: ['bson', 'mongodb'], authorities: true },
  'rotate-iam-access-key': { size: 60, driver: [] },
  'rotate-ldap': { size: 75, driver: [] },
  'rotate-mysql': { size: 280, driver: ['long', 'mysql2'], authorities: true },
  'rotate-oracle': { size: 480, driver: ['oracledb'], authorities: true },
  'rotate-postgresql': { size: 150, driver: POSTGRESQL_DRIVER, authorities: true },
  'rotate-redis': { size: 70, driver: [] },
  'rotate-redshift': { size: 150, driver: POSTGRESQL_DRIVER },
  'rotate-sqlserver': { size: 290, driver: ['bl', 'inherits', 'native-duplexpair', 'tedious'], authorities: true },
  'rotation-runtime': { size: 60, driver: [], declarations: ['index.d.ts', 'rotation-steps.d.ts'] },
  'secret-client': {
    size: 8,
    driver: [],
    declarations: [
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
  expect(readdirSync(directory).sort()).toEqual(['LICENSES.txt', 'functions.br', ...NAMES]);
  expect(checksums(directory)).toEqual(checksums(ASSETS));
  rmSync(directory, { recursive: true });
});

test('all functions are packed into one file, and what several need is there once', () => {
  const text = brotliDecompressSync(readFileSync(path.join(ASSETS, 'functions.br'))).toString();
  const lines = text.split('\n').filter((line) => line !== '');
  const functions = NAMES.filter((name) => !['rotation-runtime', 'secret-client'].includes(name));
  const certificates = path.resolve(ROOT, 'handlers/tls/certificate-authorities/amazon-rds');
  const parts = lines.map((line) => JSON.parse(line) as { readonly name: string });
  expect(Object.fromEntries(parts.map(({ name, ...part }) => [name, part]))).toEqual({
    ...Object.fromEntries(functions.map((name) => [name, {
      code: readFileSync(path.join(ASSETS, name, 'index.js'), 'utf8'), authorities: BUNDLES[name].authorities ?? false,
    }])),
    'amazon-rds': {
      files: Object.fromEntries(
        readdirSync(certificates).map((file) => [file, toDigits(readFileSync(path.join(certificates, file), 'utf8'))]),
      ),
    },
  });
  expect(parts).toHaveLength(functions.length + 1);
  // Synthesis unpacks the beginning only, if that is enough.
  expect(lines.map(({ length }) => length)).toEqual(lines.map(({ length }) => length).sort((one, other) => one - other));
});

test('the driver of PostgreSQL computes by the functions of Node.js', () => {
  const code = readFileSync(path.join(ASSETS, 'rotate-postgresql', 'index.js'), 'utf8');
  expect(code).not.toMatch(/webcrypto|subtle/);
  expect(code).toContain('pbkdf2');
});

test('the driver of MySQL needs no WebAssembly', () => {
  expect(readFileSync(path.join(ASSETS, 'rotate-mysql', 'index.js'), 'utf8')).not.toContain('WebAssembly');
});

test('every package in a bundle is listed once, with its licence', () => {
  const licences = readFileSync(path.join(ASSETS, 'LICENSES.txt'), 'utf8');
  const listed = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \((.+)\)$/gm)].map(([, name, licence]) => [name, licence]);
  const bundled = new Set([...SIGNER, ...NAMES.flatMap((name) => BUNDLES[name].driver)]);
  expect(listed.map(([name]) => name).sort()).toEqual([...bundled].sort());
  const licencesOfAll = new Set(listed.map(([, licence]) => licence));
  expect([...licencesOfAll].sort()).toEqual(['(Apache-2.0 OR UPL-1.0)', 'Apache-2.0', 'ISC', 'MIT']);
});

describe.each(NAMES)('%s', (name) => {
  const { size, driver, declarations = [] } = BUNDLES[name];
  const file = path.join(ASSETS, name, 'index.js');

  test('is small, and one file', () => {
    expect(statSync(file).size).toBeLessThanOrEqual(size * 1024);
    expect(readdirSync(path.join(ASSETS, name)).sort()).toEqual(['index.js', ...declarations].sort());
  });

  test('carries its own driver and no other', () => {
    const licences = readFileSync(path.join(ASSETS, 'LICENSES.txt'), 'utf8');
    const packages = new RegExp(`^${name}: (.*)$`, 'm').exec(licences)?.[1];
    expect(packages).toBe(name === 'secret-client' ? 'no other package' : [...SIGNER, ...driver].join(', '));
  });

  test('is strict', () => {
    expect(readFileSync(file, 'utf8')).toMatch(/^"use strict";/);
  });

  test('says nothing of the machine it was made on', () => {
    expect(readFileSync(file, 'utf8')).not.toContain(ROOT);
    expect(readFileSync(file, 'utf8')).not.toContain('node_modules');
  });
});
