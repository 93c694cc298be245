import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { preProcessFile } from 'typescript';
import { asEsModules } from './library-modules';

const LIBRARY = resolve(__dirname, '..', 'lib');
const ASSEMBLY = resolve(__dirname, '..', '.jsii.gz');
/** What the entry point does not export, though public declarations name it. */
const INTERNAL = [`${sep}private${sep}`, join(LIBRARY, 'contract')];
const DOCUMENTATION = /^ *\/\*\*.*?\*\/\n/gms;
/** What the compiler writes of an entry point that exports others' names. */
const EXPORT = /Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true/g;

/**
 * Makes one file of what jsii has compiled: 160 files take three times as long to load, and an app loads nearly all of them.
 *
 * The declarations stay that a compiler gets to from the entry point. The names are written down again, for an ES module finds
 * those only that it sees. There is no source map: it would be a third of the package.
 */
export async function bundleLibrary(): Promise<void> {
  const entry = join(LIBRARY, 'index.js');
  const names = [...readFileSync(entry, 'utf8').matchAll(EXPORT)].map(([, name]) => name);
  if (names.length === 0) {
    throw new Error(`${entry} is not what jsii compiles: run \`npx projen compile\``);
  }
  const made = join(LIBRARY, 'made');
  const { warnings } = await build({
    stdin: { contents: `export { ${names.join(', ')} } from './index.js';`, resolveDir: LIBRARY, sourcefile: 'index.mjs' },
    outfile: join(made, 'index.js'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    plugins: [asEsModules],
    banner: { js: '"use strict";' },
    minify: true,
    lineLimit: 1000,
  });
  if (warnings.length > 0) {
    throw new Error('what esbuild warns of is a name that does not exist, or worse');
  }
  readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(js|js\.map)$/.test(name) && !name.startsWith('made'))
    .forEach((name) => rmSync(join(LIBRARY, name)));
  readdirSync(made).forEach((name) => renameSync(join(made, name), join(LIBRARY, name)));
  rmSync(made, { recursive: true });
  dropWhatNoneReads();
  packAssembly();
}

/**
 * The compiler is in a hurry when it packs what it knows of all types, and it says where each of them is in sources that are not
 * in the package.
 */
function packAssembly(): void {
  const assembly: unknown = JSON.parse(
    gunzipSync(readFileSync(ASSEMBLY)).toString(),
    (name, value: unknown) => name === 'locationInModule' ? undefined : value,
  );
  writeFileSync(ASSEMBLY, gzipSync(JSON.stringify(assembly), { level: constants.Z_BEST_COMPRESSION }));
}

/** Half of the declarations are of files that no public one refers to. Of the other private ones nobody reads what they say. */
function dropWhatNoneReads(): void {
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
  [...needed].filter((file) => INTERNAL.some((part) => file.includes(part))).forEach((file) => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(DOCUMENTATION, ''));
  });
}

if (require.main === module) {
  bundleLibrary().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
