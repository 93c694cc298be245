import type * as fs from 'node:fs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as zlib from 'node:zlib';
import { App, Stack, Stage } from 'aws-cdk-lib/core';
import type { HandlerName } from '../../../src/contract/handler-name';
import { handlerCode } from '../../../src/rotation-function/private/handler-code';

const ROOT = resolve(__dirname, '../../..');
const AUTHORITIES = join(ROOT, 'handlers/tls/certificate-authorities/amazon-rds');
let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'handler-code-'));
});

afterEach(() => {
  rmSync(outdir, { recursive: true });
});

const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));

const bind = (name: HandlerName, scope = new Stack(new App({ outdir }), 'Stack')) => handlerCode(scope, name).bind(scope);

describe('handlerCode', () => {
  test.each<[HandlerName, string[]]>([
    ['regenerate', []], ['rotate-postgresql', ['amazon-rds']], ['rotate-redshift', []],
  ])('puts the bundle of %s together with what its function needs', (name, authorities) => {
    const key = bind(name).s3Location!.objectKey;
    expect(key).toMatch(/^[0-9a-f]{64}\.zip$/);
    const hash = key.replace('.zip', '');
    expect(readdirSync(outdir)).toEqual([`asset.${hash}`, expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{64}$`))]);
    const asset = join(outdir, `asset.${hash}`);
    expect(readdirSync(asset).sort()).toEqual(['LICENSES.txt', ...authorities, 'index.js'].sort());
    expect(readFileSync(join(asset, 'index.js'))).toEqual(readFileSync(join(ROOT, 'assets', name, 'index.js')));
    expect(readFileSync(join(asset, 'LICENSES.txt'))).toEqual(readFileSync(join(ROOT, 'assets/LICENSES.txt')));
    for (const folder of authorities) {
      expect(contents(join(asset, folder))).toEqual(contents(AUTHORITIES));
    }
  });

  test('is one asset for all stages of an app, and when the app is synthesised again', () => {
    const app = new App({ outdir });
    const scopes = [app, new Stage(app, 'Stage'), new App({ outdir })].map((scope) => new Stack(scope, 'Stack'));
    const keys = scopes.map((scope) => bind('regenerate', scope).s3Location!.objectKey);
    expect(new Set(keys).size).toBe(1);
    expect(readdirSync(outdir).filter((file) => file.startsWith('asset.'))).toHaveLength(1);
    expect(readdirSync(outdir).filter((file) => file.startsWith('regenerate'))).toHaveLength(1);
  });

  test('writes nothing that an earlier synthesis has written', () => {
    bind('rotate-postgresql');
    const written = jest.spyOn(jest.requireActual<typeof fs>('fs'), 'writeFileSync');
    const before = readdirSync(outdir);
    handlerCode(new Stack(new App({ outdir }), 'Stack'), 'rotate-postgresql');
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
    expect(readdirSync(outdir)).toEqual(before);
  });

  test('is where assets are that the AWS CDK does not copy', () => {
    const app = new App({ outdir, context: { 'aws:cdk:disable-asset-staging': true } });
    bind('regenerate', new Stack(app, 'Stack'));
    expect(readdirSync(outdir)).toEqual([expect.stringMatching(/^regenerate-[0-9a-f]{64}$/)]);
  });

  test.each<[HandlerName, number]>([
    ['regenerate', 0.1], ['rotate-redis', 0.2], ['rotate-oracle', 1],
  ])('unpacks for %s no more than a share of %d of the archive at once', (name, share) => {
    const decompress = jest.spyOn(jest.requireActual<typeof zlib>('zlib'), 'brotliDecompressSync');
    const unpacked: number[] = [];
    jest.isolateModules(() => {
      const core = jest.requireActual<{ App: typeof App; Stack: typeof Stack }>('aws-cdk-lib/core');
      const isolated = jest.requireActual<{ handlerCode: typeof handlerCode }>(
        '../../../src/rotation-function/private/handler-code');
      isolated.handlerCode(new core.Stack(new core.App({ outdir }), 'Stack'), name);
      unpacked.push(...decompress.mock.calls.map(([piece]) => (piece as Buffer).length));
    });
    decompress.mockRestore();
    expect(unpacked.length).toBeGreaterThan(0);
    expect(Math.max(...unpacked)).toBeLessThanOrEqual(share * statSync(join(ROOT, 'assets/functions.br')).size);
  });

  const MISSING = (name: string) =>
    `the rotation function '${name}' is missing from the package: it is not in assets/functions.br; `
    + 'install cdk-secretsmanager-patterns again, or run `npx projen bundle` in a checkout';

  test('says which function is missing and what brings it back, instead of what the AWS CDK says of a path', () => {
    expect(() => bind('rotate-nothing' as HandlerName)).toThrow(MISSING('rotate-nothing'));
  });

  test('says so as well where all functions are missing', () => {
    const stack = new Stack(new App({ outdir }), 'Stack');
    const existsSync = jest.spyOn(jest.requireActual<typeof fs>('fs'), 'existsSync').mockReturnValue(false);
    expect(() => bind('regenerate', stack)).toThrow(MISSING('regenerate'));
    existsSync.mockRestore();
  });
});
