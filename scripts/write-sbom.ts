/**
 * Writes a bill of materials of the package, in the form of CycloneDX 1.6: what is in the bundles, which no dependency shows.
 *
 *   npx tsx scripts/write-sbom.ts dist/sbom.cdx.json
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { type BundledPackage, bundledPackages } from './bundled-packages';

/** The same for the same bundles: without a time and without a random number. */
export function billOfMaterials(name: string, version: string, packages: readonly BundledPackage[]): string {
  const library = component(Enums.ComponentType.Library, name, version, 'Apache-2.0');
  const bill = new Models.Bom({ metadata: new Models.Metadata({ component: library }) });
  for (const bundled of packages) {
    const part = component(Enums.ComponentType.Library, bundled.name, bundled.version, bundled.license);
    for (const bundle of bundled.bundles) {
      part.properties.add(new Models.Property('cdk:bundle', `assets/${bundle}`));
    }
    bill.components.add(part);
    library.dependencies.add(part.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bill, { sortLists: true, space: 2 });
}

function component(type: Enums.ComponentType, fullName: string, version: string, license: string): Models.Component {
  const [name, group] = fullName.split('/').reverse();
  const purl = new PackageURL('npm', group, name, version, undefined, undefined).toString();
  const part = new Models.Component(type, name, { group, version, purl, bomRef: purl });
  const isExpression = / (?:OR|AND|WITH) /.test(license);
  part.licenses.add(isExpression ? new Models.LicenseExpression(`(${license})`) : new Models.SpdxLicense(license));
  return part;
}

if (require.main === module) {
  const [target] = process.argv.slice(2);
  if (target === undefined) {
    console.error('Say where to write it: npm run sbom -- FILE');
    process.exitCode = 1;
  } else {
    const { name, version } = JSON.parse(readFileSync(resolve(__dirname, '../package.json'), 'utf8')) as Record<string, string>;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${billOfMaterials(name, version, bundledPackages())}\n`);
  }
}
