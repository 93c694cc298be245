import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

type Manifest = Record<'name' | 'version' | 'license', string>;

const RULE = `\n\n${'-'.repeat(80)}\n\n`;

/** The licences of the packages that are in bundles: which bundle has which packages, and each text once. */
export function licencesOf(root: string, bundles: readonly { readonly name: string; readonly metafile: Metafile }[]): string {
  const packages = bundles.map(({ metafile }) => packagesIn(metafile));
  const contents = bundles.map(({ name }, index) =>
    `${name}: ${packages[index].map((directory) => nameOf(root, directory)).join(', ') || 'no other package'}`);
  const texts = new Map<string, string[]>();
  [...new Set(packages.flat())].sort().forEach((directory) => {
    const { name, version, license } = manifestOf(root, directory);
    const text = textOf(join(root, directory)) ?? `Licensed under ${license}.`;
    texts.set(text, [...texts.get(text) ?? [], `${name} ${version} (${license})`]);
  });
  return [
    `What other packages are in the bundles, and their licences.\n\n${contents.join('\n')}`,
    ...[...texts].map(([text, of]) => `${of.join('\n')}\n\n${text}`),
  ].join(RULE) + '\n';
}

function packagesIn({ inputs }: Metafile): string[] {
  const directories = Object.keys(inputs).flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(directories)].sort();
}

const nameOf = (root: string, directory: string): string => manifestOf(root, directory).name;

function manifestOf(root: string, directory: string): Manifest {
  return JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')) as Manifest;
}

/** In the package or, for packages of one repository that share it, beside it. */
function textOf(directory: string): string | undefined {
  const file = readdirSync(directory).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(directory, file), 'utf8').trim();
}
