import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { preProcessFile } from 'typescript';

const LIBRARY = resolve(__dirname, '..', 'lib');
/** What the compiler writes of an entry point that exports others' names. */
const EXPORT = /Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true/g;

/**
 * Makes one file of what jsii has compiled: 160 files take three times as long to load, and an app loads nearly all of them.
 *
 * The declarations stay that a compiler gets to from the entry point. The names are written down again, for an ES module finds
 * those only that it sees. There is no source map: it would be a fifth of the package, for code that reads as it was written.
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
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    keepNames: true,
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 120,
  });
  readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|js\.map)$/.test(name) && !name.startsWith('made'))
    .forEach((name) => rmSync(join(LIBRARY, name)));
  readdirSync(made).forEach((name) => renameSync(join(made, name), join(LIBRARY, name)));
  rmSync(made, { recursive: true });
  dropDeclarationsThatNoneImports();
}

/** Half of the declarations are of files that no public one refers to. */
function dropDeclarationsThatNoneImports(): void {
  const needed = new Set<string>();
  const visit = (file: string): void => {
    if (needed.has(file)) return;
    needed.add(file);
    preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles
      .filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => resolve(dirname(file), fileName))
      .forEach((path) => visit(existsSync(`${path}.d.ts`) ? `${path}.d.ts` : join(path, 'index.d.ts')));
  };
  visit(join(LIBRARY, 'index.d.ts'));
  readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .map((name) => join(LIBRARY, name))
    .filter((file) => file.endsWith('.d.ts') && !needed.has(file))
    .forEach((file) => rmSync(file));
}

if (require.main === module) {
  bundleLibrary();
}
