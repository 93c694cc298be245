import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const LIBRARY = resolve(__dirname, '..', 'lib');
/** What the compiler writes of an entry point that exports others' names. */
const EXPORT = /Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true/g;

/**
 * Makes one file of what jsii has compiled: 160 files take three times as long to load, and an app loads nearly all of them.
 *
 * The declarations stay as they are. The names are written down again, for an ES module finds those only that it sees.
 */
export function bundleLibrary(): void {
  const entry = join(LIBRARY, 'index.js');
  const names = [...readFileSync(entry, 'utf8').matchAll(EXPORT)].map(([, name]) => name);
  if (names.length === 0) {
    throw new Error(`${entry} is not what jsii compiles: run \`npx projen compile\``);
  }
  const made = join(LIBRARY, 'made');
  buildSync({
    stdin: { contents: `export { ${names.join(', ')} } from './index.js';`, resolveDir: LIBRARY, sourcefile: 'index.mjs' },
    outfile: join(made, 'index.js'),
    sourcemap: 'linked',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    keepNames: true,
  });
  readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.startsWith('made'))
    .forEach((name) => rmSync(join(LIBRARY, name)));
  readdirSync(made).forEach((name) => renameSync(join(made, name), join(LIBRARY, name)));
  rmSync(made, { recursive: true });
}

if (require.main === module) {
  bundleLibrary();
}
