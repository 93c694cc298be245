const { readdirSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { buildSync } = require('esbuild');

const ROOT = resolve(__dirname, '../..');

function testFiles(folder = 'test') {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? testFiles(path) : path.endsWith('.test.ts') ? [path] : [];
    });
}

/**
 * What each test file imports, directly or through others: files by their path in the checkout, packages as they are imported.
 *
 * An import of types alone does not count.
 */
exports.reachOfTests = () => {
  const entryPoints = testFiles();
  const { metafile: { inputs } } = buildSync({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'none',
    write: false,
    metafile: true,
    logLevel: 'error',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    tsconfig: 'test/tsconfig.json',
  });
  const reached = (path, seen = new Set()) => {
    for (const next of inputs[path]?.imports ?? []) {
      if (!seen.has(next.path)) {
        seen.add(next.path);
        reached(next.path, seen);
      }
    }
    return seen;
  };
  return new Map(entryPoints.map((path) => [path, reached(path)]));
};
