import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTEXT_OVERFLOW_LOCATION_ENV, OUTDIR_ENV } from 'aws-cdk-lib/cx-api';
import { synthesise } from '../../../scripts/drill/synthesise';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-app-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const output = (): string => join(folder, 'output');

/** An app that writes down what it was told. */
function writeApp(): string {
  writeFileSync(join(folder, 'app.js'), `
    const { readFileSync, writeFileSync } = require('node:fs');
    const { ${OUTDIR_ENV}: directory, ${CONTEXT_OVERFLOW_LOCATION_ENV}: context } = process.env;
    writeFileSync(directory + '/manifest.json', readFileSync(context));`);
  return `"${process.execPath}" app.js`;
}

test('a directory of a cloud assembly is taken as it is', () => {
  mkdirSync(join(folder, 'cdk.out'));
  writeFileSync(join(folder, 'cdk.out', 'manifest.json'), '{}');
  expect(synthesise('cdk.out', folder, output())).toBe(join(folder, 'cdk.out'));
  expect(existsSync(output())).toBe(false);
});

test('the app of cdk.json is run as the CDK runs it, with its context, and names its constructs', () => {
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: writeApp(), context: { colour: 'red' } }));
  writeFileSync(join(folder, 'cdk.context.json'), JSON.stringify({ zones: ['a'] }));
  expect(synthesise(undefined, folder, output())).toBe(output());
  const told: unknown = JSON.parse(readFileSync(join(output(), 'manifest.json'), 'utf8'));
  expect(told).toEqual({ 'colour': 'red', 'zones': ['a'], 'aws:cdk:enable-path-metadata': true });
});

test('a command takes the place of the app of cdk.json', () => {
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'false' }));
  expect(synthesise(writeApp(), folder, output())).toBe(output());
});

test.each<[string, string | undefined, () => void, string]>([
  ['no app', undefined, () => {}, 'cdk.json names no app'],
  ['a cdk.json that is none', undefined, () => writeFileSync(join(folder, 'cdk.json'), '{'), 'cdk.json is not JSON'],
  ['an app that fails', 'exit 3', () => {}, 'the app was not synthesised: exit 3 ended with 3'],
  ['an app that synthesises nothing', 'true', () => {}, 'holds no cloud assembly: it has no manifest.json'],
])('refuses %s', (_, app, prepare, message) => {
  prepare();
  expect(() => synthesise(app, folder, output())).toThrow(message);
});
