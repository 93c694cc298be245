import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ASSETS = resolve(__dirname, '../assets');
/** A line of the beginning: a bundle, and the packages in it. */
const CONTENT = /^([a-z-]+): (.+)$/gm;
/** A line above a licence: name, version, what its manifest calls the licence. */
const HEADING = /^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*) \((.+)\)$/gm;

/** A package, some of whose code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An expression of SPDX, as its author wrote it. */
  readonly license: string;
  /** The names of the bundles. */
  readonly bundles: readonly string[];
}

/** What others wrote of the bundles, as their licences list it: users read the same. */
export function bundledPackages(assets = ASSETS): BundledPackage[] {
  const [contents, ...licences] = readFileSync(join(assets, 'LICENSES.txt'), 'utf8').split(/\n-{80}\n/);
  const inBundles = [...contents.matchAll(CONTENT)].map(([, bundle, packages]) => ({ bundle, packages: packages.split(', ') }));
  return [...licences.join('\n').matchAll(HEADING)]
    .map(([, name, version, license]) => ({
      name,
      version,
      license: license.replace(/^\((.*)\)$/, '$1'),
      bundles: inBundles.filter(({ packages }) => packages.includes(name)).map(({ bundle }) => bundle),
    }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}
