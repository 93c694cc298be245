import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin, transformSync } from 'esbuild';
import { BUNDLING } from './bundle-handlers';
import { CLIENTS, writeDrillPackages } from './drill-packages';

const ROOT = resolve(__dirname, '..');
const DRILL = join(ROOT, 'drill');

/** What the drill takes along, where the sources look for it: beside the bundle, or where the installer is. */
const FILES: readonly (readonly [string, string])[] = [
  ['test/servers/start-moto.py', 'start-moto.py'],
  ['test/servers/runtime-bootstrap.cjs', 'runtime-bootstrap.cjs'],
  ...['scripts/install-test-servers.mjs', 'scripts/installation.mjs'].map((file) => [file, file] as const),
  ...['requirements.txt', 'runtime-emulator.txt'].map((name) => [`test/servers/${name}`, `test/servers/${name}`] as const),
];

/** Clients are loaded from where the servers are: the installer puts both there, when somebody drills. */
const installedClients: Plugin = {
  name: 'installed-clients',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${CLIENTS.join('|')})$`) }, ({ path }) => ({ path, namespace: 'installed' }));
    onLoad({ filter: /.*/, namespace: 'installed' }, ({ path }) => ({
      contents: `module.exports = require('node:module').createRequire(process.env.TEST_SERVERS_FOLDER + '/node/')('${path}');`,
    }));
  },
};

/** Copies a file; of a program, what it does and not what is said of it. */
function copy(from: string, to: string): void {
  const content = readFileSync(from, 'utf8');
  mkdirSync(dirname(to), { recursive: true });
  const isProgram = /\.[cm]js$/.test(from);
  writeFileSync(to, isProgram ? transformSync(content, { minifySyntax: true, minifyWhitespace: true }).code : content);
}

/** Bundles the command `drill` into one file, with what it needs to install servers and clients, and to start servers. */
export async function bundleDrill(target = DRILL): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: ['scripts/drill/cli.ts'],
    outfile: join(target, 'index.js'),
    banner: { js: '#!/usr/bin/env node' },
    target: 'node20',
    plugins: [installedClients],
    // Whoever has an app has the AWS CDK.
    external: ['aws-cdk-lib/*'],
  });
  chmodSync(join(target, 'index.js'), 0o755);
  const foreign = Object.keys(metafile.inputs).filter((input) => input.includes('node_modules/'));
  if (foreign.length > 0) {
    throw new Error(`the drill is to have code of this repository alone, found: ${foreign.join(', ')}`);
  }
  FILES.forEach(([from, to]) => copy(join(ROOT, from), join(target, to)));
  writeDrillPackages(ROOT, join(target, 'test/servers'));
}

if (require.main === module) {
  bundleDrill().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
