import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ASSETS = resolve(__dirname, '../assets');
/** The line above each licence: name, version, what its manifest calls the licence. */
const HEADING = /^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*) \((.+)\)$/gm;

/** A package, some of whose code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An expression of SPDX, as its author wrote it. */
  readonly license: string;
  /** The folders of the bundles. */
  readonly bundles: readonly string[];
}

/** What others wrote of the bundles, as their licences list it: users read the same. */
export function bundledPackages(assets = ASSETS): BundledPackage[] {
  const found = new Map<string, BundledPackage>();
  const files = readdirSync(assets, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('LICENSES.txt'));
  for (const file of files.sort()) {
    for (const [heading, name, version, license] of readFileSync(join(assets, file), 'utf8').matchAll(HEADING)) {
      const bundles = [...found.get(heading)?.bundles ?? [], dirname(file)];
      found.set(heading, { name, version, license: license.replace(/^\((.*)\)$/, '$1'), bundles });
    }
  }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name, 'en'));
}
