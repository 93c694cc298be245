import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const ROTATOR = join(__dirname, '../../examples/http-api-key/rotator/index.ts');

/** Bundles the example's rotator into a folder of its own, as its cdk.json does. */
export function bundledRotator(): { readonly folder: `/${string}`; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'rotator-')) as `/${string}`;
  buildSync({
    entryPoints: [ROTATOR],
    bundle: true,
    platform: 'node',
    target: 'node24',
    outfile: join(folder, 'index.js'),
    logLevel: 'error',
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
