import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages } from '../../scripts/bundled-packages';
import { knownVulnerabilities } from '../../scripts/known-vulnerabilities';
import { billOfMaterials } from '../../scripts/write-sbom';

const ROOT = join(__dirname, '..', '..');
/** What asks for nothing but to be named: anything else has to be thought about before it is shipped. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'UPL-1.0'];
const packages = bundledPackages();
const manifest = (...folder: string[]): { version: string; devDependencies: object } =>
  JSON.parse(readFileSync(join(ROOT, ...folder, 'package.json'), 'utf8')) as { version: string; devDependencies: object };

test('every driver is among the packages in the bundles, with the version that is installed', () => {
  for (const driver of ['mongodb', 'mysql2', 'oracledb', 'pg', 'tedious']) {
    expect(manifest().devDependencies).toHaveProperty(driver);
    expect(packages).toContainEqual(expect.objectContaining({ name: driver, version: manifest('node_modules', driver).version }));
  }
});

test.each(packages)('$name $version has a permissive licence: $license', ({ license }) => {
  expect(PERMISSIVE).toContain(license.split(' OR ').find((alternative) => PERMISSIVE.includes(alternative)));
});

describe('known vulnerabilities', () => {
  const mysql2 = { name: 'mysql2', version: '3.0.0', license: 'MIT', bundles: ['rotate-mysql'] };
  const bl = { name: 'bl', version: '6.0.0', license: 'MIT', bundles: ['rotate-sqlserver'] };
  const cause = { title: 'runs what a server sends', url: 'https://advisory.example/1', severity: 'moderate' };

  test('of what is in a bundle are found, below another package too, whatever their severity', () => {
    const found = knownVulnerabilities({
      vulnerabilities: {
        mysql2: { nodes: ['node_modules/mysql2'], via: [cause] },
        bl: { nodes: ['node_modules/mysql2/node_modules/bl'], via: [{ ...cause, severity: 'low' }] },
      },
    }, [mysql2, bl]);
    expect(found).toEqual([
      'mysql2 3.0.0, in rotate-mysql: moderate: runs what a server sends (https://advisory.example/1)',
      'bl 6.0.0, in rotate-sqlserver: low: runs what a server sends (https://advisory.example/1)',
    ]);
  });

  test('of what is not in a bundle are none, nor those that a package has by another one', () => {
    const vulnerabilities = {
      jest: { nodes: ['node_modules/jest'], via: [cause] },
      bl: { nodes: ['node_modules/jest/node_modules/bl'], via: [cause] },
      mysql2: { nodes: ['node_modules/mysql2'], via: ['jest'] },
    };
    expect(knownVulnerabilities({ vulnerabilities }, [mysql2, bl])).toEqual([]);
  });

  test('are not taken for none where there is no report', () => {
    expect(() => knownVulnerabilities({}, [mysql2])).toThrow('this is no report of npm audit');
  });
});

test('the bill of materials has each package once, with its licence and its bundles, and is the same each time', () => {
  const bill = billOfMaterials('a-library', '1.2.3', packages);
  expect(bill).toBe(billOfMaterials('a-library', '1.2.3', [...packages].reverse()));
  const { bomFormat, specVersion, metadata, components, dependencies } = JSON.parse(bill) as {
    bomFormat: string;
    specVersion: string;
    metadata: { component: { purl: string } };
    components: { purl: string; licenses: object[]; properties: { value: string }[] }[];
    dependencies: { ref: string; dependsOn?: string[] }[];
  };
  expect([bomFormat, specVersion, metadata.component.purl]).toEqual(['CycloneDX', '1.6', 'pkg:npm/a-library@1.2.3']);
  expect(components.map(({ purl }) => decodeURIComponent(purl)).sort())
    .toEqual(packages.map(({ name, version }) => `pkg:npm/${name}@${version}`).sort());
  expect(dependencies.find(({ ref }) => ref === metadata.component.purl)?.dependsOn).toHaveLength(components.length);
  const mongodb = components.find(({ purl }) => purl.startsWith('pkg:npm/mongodb@'));
  expect(mongodb).toMatchObject({
    licenses: [{ license: { id: 'Apache-2.0' } }], properties: [{ name: 'cdk:bundle', value: 'assets/rotate-documentdb' }],
  });
  const oracledb = components.find(({ purl }) => purl.startsWith('pkg:npm/oracledb@'));
  expect(oracledb?.licenses).toEqual([{ expression: '(Apache-2.0 OR UPL-1.0)' }]);
});
