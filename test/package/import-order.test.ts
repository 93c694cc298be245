import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-order-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What is wrong with a tree of these imports: from a file, to a file. */
function violations(name: string, imports: readonly string[][], statement: (from: string) => string): string[] {
  const files = new Set(imports.flat());
  for (const file of files) {
    const path = join(folder, name, `${file}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    const up = '../'.repeat(file.split('/').length - 1);
    writeFileSync(
      path,
      [...imports.filter(([from]) => from === file).map(([, to]) => statement(up + to)), 'export class It {}'].join('\n'),
    );
  }
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/depcruise'), [
    '--config', join(ROOT, '.dependency-cruiser.json'), '--output-type', 'json',
    ...new Set([...files].map((file) => file.split('/')[0])),
  ], { cwd: join(folder, name), encoding: 'utf8' });
  expect(stderr).toBe('');
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string; to: string }[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
}

const KINDS: [string, (from: string) => string][] = [
  ['a value', (from) => `import { It } from '${from}';\nexport const used = new It();`],
  ['a type', (from) => `import type { It } from '${from}';\nexport declare const used: It;`],
  ['a type beside nothing', (from) => `import { type It } from '${from}';\nexport declare const used: It;`],
  ['a type within a type', (from) => `export declare const used: import('${from}').It;`],
];

/** Each import that a rule forbids, after the name of the rule. */
const WRONG: [string, string, string][] = [
  ['src/core', 'src/core/errors', 'src/network/rotation-network'],
  ['src/contract', 'src/contract/environment', 'src/core/arn'],
  ['src/secret', 'src/secret/private/owned-secret', 'src/database/private/rds-database'],
  ['src/rotation-function', 'src/rotation-function/private/function-pool', 'src/rotation/rotation'],
  ['src/rotation', 'src/rotation/rotation', 'src/hardened-secret'],
  ['src/.', 'src/index', 'handlers/core/clock'],
  ['handlers/core', 'handlers/core/run-step', 'handlers/aws/signed-requests'],
  ['handlers/tls', 'handlers/tls/trust-once', 'src/core/once'],
  ['handlers/rotate-mysql', 'handlers/rotate-mysql/index', 'handlers/rotate-oracle/account'],
  ['handlers/.', 'handlers/make-handler', 'handlers/database/credential-target'],
  ['examples-are-users', 'examples/app', 'src/secrets-platform'],
  ['no-unknown-folder', 'test/some', 'src/elsewhere/some'],
];
/** Each is reported once. */
const CIRCLES = ['src/core', 'handlers/core', 'test/servers', 'scripts', 'benchmarks'].map((where) => [
  'no-cycle',
  `${where}/a`,
  `${where}/b`,
]);
/** A folder's private files know its public ones by their types. */
const OF_ITS_PUBLIC_FILES = ['private-knows-types-only', 'src/cache/private/cache-network', 'src/cache/cache-user'];
const RIGHT = [
  ['src/monitoring/secret-metrics', 'src/core/arn'],
  ['src/database/database-engine', 'src/database/private/database-facts'],
  ['src/replication/secret-replica', 'src/encryption/private/key-policy'],
  ['src/secrets-platform-props', 'src/password/character-type-options'],
  ['handlers/rotate-oracle/index', 'handlers/tls/verified-tls'],
  ['handlers/database/database-secret', 'src/contract/password-rules'],
  ['test/more', 'src/core/arn'],
  ['test/most', 'handlers/core/clock'],
];

test.each(KINDS)('%s that is imported against the order or in a circle is an error', (name, statement) => {
  const wrong = [...WRONG, ...CIRCLES, ...name === 'a value' ? [OF_ITS_PUBLIC_FILES] : []];
  const back = CIRCLES.map(([, a, b]) => [b, a]);
  const imports = [...[...WRONG, ...CIRCLES, OF_ITS_PUBLIC_FILES].map(([, from, to]) => [from, to]), ...back, ...RIGHT];
  expect(violations(name, imports, statement)).toEqual(wrong.map(([rule, from, to]) => `${rule}: ${from}.ts -> ${to}.ts`).sort());
}, 60_000);
