import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { HandlerName } from './rotation-function';

const STORED = path.resolve(__dirname, '../former-bundles');

/** Bundles of an earlier commit, which `scripts/store-former-bundles.ts` has stored. */
export class FormerBundles {
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'former-')) as `/${string}`;

  /** The folder of a bundle. */
  unpack(handler: HandlerName): `/${string}` {
    const folder = `${this.directory}/${handler}` as const;
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'index.js'), gunzipSync(readFileSync(path.join(STORED, handler, 'index.js.gz'))));
    return folder;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
