/**
 * Compares the public API with that of the last release, and says what would break apps. With `-- --store` the present one
 * becomes the baseline: for a release and, until there is one, for a break that somebody wants.
 *
 * Wants a compiled checkout. Breaks count whatever the stability says: what users wrote stays right, or the version is another.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const ROOT = resolve(__dirname, '..');
const BASELINE = join(ROOT, 'test/package/api-baseline.jsii.gz');
/** What changes without breaking anything, and would be most of the file. */
const WORDS = new Set(['custom', 'example', 'locationInModule', 'readme', 'remarks', 'see', 'summary', 'symbolId']);

/** What is asked of a jsii assembly here. */
export interface Assembly {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly types: Record<string, {
    methods?: { name: string }[];
    properties?: { name: string; type: object; abstract?: boolean; immutable?: boolean; docs?: object }[];
  }>;
}

const read = (file: string): Assembly => JSON.parse(gunzipSync(readFileSync(file)).toString()) as Assembly;

export const presentApi = (): Assembly => read(join(ROOT, '.jsii.gz'));
export const baselineApi = (): Assembly => read(BASELINE);

/** What is broken, in the words of jsii-diff: nothing, where nothing is. */
export function breaksBetween(former: Assembly, present: Assembly): string {
  mkdirSync(join(ROOT, '.servers'), { recursive: true });
  // Below the checkout, where the assemblies of the AWS CDK are found.
  const folder = mkdtempSync(join(ROOT, '.servers', 'api-'));
  try {
    const packages = Object.entries({ former, present }).map(([name, assembly]) => write(join(folder, name), assembly));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/jsii-diff/bin/jsii-diff'), '--error-on', 'all', '--keys', ...packages],
      {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0] },
      },
    );
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder: string, assembly: Assembly): string {
  const { name, version, dependencies } = assembly;
  mkdirSync(folder);
  writeFileSync(join(folder, '.jsii'), JSON.stringify({ ...assembly, fingerprint: '*' }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, peerDependencies: dependencies, jsii: {} }));
  return folder;
}

/** A part of an assembly without its words. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !WORDS.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutWords(inner)]));
}

if (require.main === module) {
  if (process.argv.includes('--store')) {
    writeFileSync(BASELINE, gzipSync(JSON.stringify(withoutWords(presentApi())), { level: 9 }));
    console.log('The present API is the baseline.');
  } else {
    const breaks = breaksBetween(baselineApi(), presentApi());
    console.log(breaks || 'Nothing that apps may use has gone or wants more since the baseline.');
    process.exitCode = breaks === '' ? 0 : 1;
  }
}
