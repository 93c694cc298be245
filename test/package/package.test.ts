import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '..', '..');
/** Files of the AWS CDK that loading may read, beside its core, and our own. */
const MOST_FILES = 60;
/** A file that nobody has thought of, in the place of a log or of settings. */
const STRAY = join(root, `stray-${process.pid}.env`);
let folder: string;
let tarball: { filename: string; size: number; files: { path: string }[] };
let paths: string[];

beforeAll(() => {
  // Below the checkout, so that what is unpacked there finds the AWS CDK.
  mkdirSync(join(root, '.servers'), { recursive: true });
  folder = mkdtempSync(join(root, '.servers', 'package-'));
  writeFileSync(STRAY, 'of somebody who works here');
  const listing = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  });
  [tarball] = JSON.parse(listing) as [typeof tarball];
  paths = tarball.files.map(({ path }) => path);
  rmSync(STRAY);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  'assets/functions.br', 'assets/LICENSES.txt', 'lib/index.js', 'lib/index.d.ts', 'assets/rotation-runtime/index.js',
  'assets/rotation-runtime/index.d.ts',
  'assets/rotation-runtime/rotation-steps.d.ts', 'assets/secret-client/index.js', 'assets/secret-client/index.d.ts',
  'drill/index.js',
])('packs %s', (path) => {
  expect(paths).toContain(path);
});

test('packs what is named and nothing else: no sources of functions, nothing of maintainers, no file that lies there', () => {
  expect(paths.filter((path) => !/^(lib|assets)\//.test(path)).sort()).toEqual([
    '.jsii', '.jsii.gz', 'LICENSE', 'README.md',
    'drill/index.js', 'drill/runtime-bootstrap.cjs', 'drill/scripts/install-test-servers.mjs',
    'drill/scripts/installation.mjs', 'drill/start-moto.py', 'drill/test/servers/package-lock.json',
    'drill/test/servers/package.json', 'drill/test/servers/requirements.txt', 'drill/test/servers/runtime-emulator.txt',
    'package.json', 'rotation-runtime/index.d.ts', 'rotation-runtime/index.js', 'secret-client/index.d.ts',
    'secret-client/index.js',
  ]);
  expect(paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
});

test('is no larger than 0.7 MB, without source maps, and has no file twice', () => {
  expect(tarball.size).toBeLessThanOrEqual(700_000);
  expect(paths.filter((path) => path.endsWith('.map'))).toEqual([]);
  const byContent = new Map<string, string[]>();
  paths.forEach((path) => {
    const content = createHash('sha256').update(readFileSync(join(root, path))).digest('hex');
    byContent.set(content, [...byContent.get(content) ?? [], path]);
  });
  expect([...byContent.values()].filter((same) => same.length > 1)).toEqual([]);
});

test('needs nothing at run time but the AWS CDK', () => {
  const manifest =
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies?: object; peerDependencies: object };
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(manifest.peerDependencies).toEqual({ 'aws-cdk-lib': '^2.220.0', 'constructs': '^10.4.2' });
});

describe('unpacked', () => {
  const APPLICATION = `
    const { App, Stack } = require('aws-cdk-lib/core');
    const { HardenedSecret, Rotation } = require('./package');
    const app = new App({ outdir: 'cdk.out' });
    new HardenedSecret(new Stack(app, 'Stack'), 'SigningKey', { rotation: Rotation.regenerate() });
    app.synth();`;

  const synthesise = () => spawnSync(process.execPath, ['-e', APPLICATION], { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    execFileSync('tar', ['-xzf', tarball.filename], { cwd: folder });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join('..', 'package'), join(folder, 'node_modules', 'cdk-secretsmanager-patterns'));
  });

  const RESOLUTIONS: [string, ts.CompilerOptions][] = [
    ['a compiler as Node.js resolves', { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
    ['one as bundlers resolve', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ];

  /** What the compiler has against a file that imports the package. */
  const complaintsOf = (code: string, resolution: ts.CompilerOptions): string[] => {
    const file = join(folder, 'application.ts');
    writeFileSync(file, code);
    const program = ts.createProgram([file], {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      target: ts.ScriptTarget.ES2022,
      ...resolution,
    });
    return program.getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  };

  test('has the command drill, which plans what of an app it drills before it installs anything', () => {
    expect(synthesise()).toMatchObject({ status: 0 });
    const { bin } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8')) as { bin: Record<string, string> };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'package', bin['cdk-secretsmanager-patterns']), 'drill', '--app', 'cdk.out'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: 'not drilled: SigningKeyEEFC2790: nobody signs in to a database with it\n',
      stderr: 'drill: the app has no rotated secret that can be drilled\n',
    });
  });

  test('synthesises with the bundle that was packed', () => {
    expect(synthesise()).toMatchObject({ status: 0 });
    const assets = readdirSync(join(folder, 'cdk.out')).filter((name) => name.startsWith('asset.'));
    expect(assets.map((name) => readFileSync(join(folder, 'cdk.out', name, 'index.js'), 'utf8')))
      .toEqual([readFileSync(join(root, 'assets/regenerate/index.js'), 'utf8')]);
  });

  test('is one file, and loads of the AWS CDK what an entry point each costs', () => {
    const script = `
      require('aws-cdk-lib/core');
      const before = new Set(Object.keys(require.cache));
      const library = require('./package');
      const files = Object.keys(require.cache).filter((file) => !before.has(file));
      const misnamed = Object.entries(library).filter(([name, value]) => value.name !== name);
      console.log(JSON.stringify({
        own: files.filter((file) => file.includes('/package/')).length, all: files.length, misnamed,
      }));`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    const { own, all, misnamed } = JSON.parse(stdout) as { own: number; all: number; misnamed: unknown[] };
    expect({ own, misnamed }).toEqual({ own: 1, misnamed: [] });
    expect(all).toBeLessThanOrEqual(MOST_FILES);
    expect(paths.filter((path) => /^lib\/.*\.js$/.test(path))).toEqual(['lib/index.js']);
  });

  test('gives an ES module all its names', () => {
    const script = `
      import * as names from './package/lib/index.js';
      import { HardenedSecret } from './package/lib/index.js';
      console.log(JSON.stringify({ type: typeof HardenedSecret, names: Object.keys(names), all: Object.keys(names.default) }));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
    const { type, names, all } = JSON.parse(stdout) as { type: string; names: string[]; all: string[] };
    expect(type).toBe('function');
    expect(all.length).toBeGreaterThan(25);
    expect(names).toEqual(expect.arrayContaining(all));
  });

  describe('the runtime entry', () => {
    const HANDLER = `
      import { rotationHandler, RotationFailure, type RotationSteps } from 'cdk-secretsmanager-patterns/rotation-runtime';
      const steps: RotationSteps = {
        create: async ({ versionId, current }) => ({ key: (await current()).field('key') + versionId }),
        set: async ({ pending, previous, signal }) => {
          signal.throwIfAborted();
          console.log((await pending()).text, (await previous())?.text);
        },
        test: async () => { throw new RotationFailure('network', 'no answer', 'ECONNRESET'); },
      };
      export const handler = rotationHandler(steps);`;

    test.each([
      ['a CommonJS module', 'commonjs', "const { rotationHandler } = require('cdk-secretsmanager-patterns/rotation-runtime');"],
      ['an ES module', 'module', "import { rotationHandler } from 'cdk-secretsmanager-patterns/rotation-runtime/index.js';"],
    ])('makes a handler in %s, and needs no other package', (_, type, importing) => {
      const script = `${importing}
        const context = { invokedFunctionArn: 'x', getRemainingTimeInMillis: () => 5000 };
        rotationHandler({ set: async () => {}, test: async () => {} })({}, context)
          .catch(({ message }) => console.error(message));`;
      const { stdout, stderr } = spawnSync(process.execPath, [`--input-type=${type}`, '-e', script], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(JSON.parse(stdout)).toMatchObject({ level: 'ERROR', errorClass: 'request' });
      expect(stderr).toMatch(/^request: the event has no Step/);
      const required = [
        ...readFileSync(join(folder, 'package/assets/rotation-runtime/index.js'), 'utf8').matchAll(/require\("([^"]+)"\)/g),
      ].map(([, name]) => name);
      expect([...new Set(required)].sort()).toEqual(['node:crypto', 'node:http', 'node:https', 'node:net', 'zlib']);
    });

    test.each(RESOLUTIONS)('is known to %s', (_, resolution) => {
      expect(complaintsOf(HANDLER, resolution)).toEqual([]);
      expect(complaintsOf(HANDLER.replace("'network'", "'net'"), resolution)).toEqual([
        expect.stringContaining("'\"net\"' is not assignable to parameter of type 'RotationFailureClass'"),
      ]);
    });
  });

  describe('the client', () => {
    const APPLICATION_CODE = `
      import { GetSecretValueCommand, SecretsManager, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
      import { CachedSecret, isLoginRefused, type SecretSource, type SecretVersion } from 'cdk-secretsmanager-patterns/secret-client';
      const client = new SecretsManagerClient({});
      const bare: SecretSource = {
        getSecretValue: (input, options) => client.send(new GetSecretValueCommand(input), options),
      };
      const secrets = [bare, new SecretsManager({})].map((source) => new CachedSecret({
        secretId: 'database', source, isRefused: (error) => isLoginRefused(error), versionStage: 'AWSCURRENT',
      }));
      export const port = async (): Promise<number> =>
        secrets[0].withValue((version: SecretVersion) => version.json<{ port: number }>().port);`;

    test.each([
      ['a CommonJS module', 'commonjs', "const { CachedSecret } = require('cdk-secretsmanager-patterns/secret-client');"],
      ['an ES module', 'module', "import { CachedSecret } from 'cdk-secretsmanager-patterns/secret-client/index.js';"],
    ])('reads in %s, and needs no other package', (_, type, importing) => {
      const script = `${importing}
        const getSecretValue = async ({ SecretId }) => ({ VersionId: 'v', SecretString: SecretId });
        new CachedSecret({ secretId: 'x', source: { getSecretValue } }).withValue((version) => console.log(version.text()));`;
      expect(spawnSync(process.execPath, [`--input-type=${type}`, '-e', script], { cwd: folder, encoding: 'utf8' }))
        .toMatchObject({ stdout: 'x\n', stderr: '' });
      expect(readFileSync(join(folder, 'package/assets/secret-client/index.js'), 'utf8')).not.toContain('require(');
    });

    test.each(RESOLUTIONS)('is known to %s, and takes the AWS SDK', (_, resolution) => {
      expect(complaintsOf(APPLICATION_CODE, resolution)).toEqual([]);
      expect(complaintsOf(APPLICATION_CODE.replace("'database', source", "'database', source: client"), resolution)).toEqual([
        expect.stringContaining("Property 'getSecretValue' is missing in type 'SecretsManagerClient'"),
      ]);
    });
  });

  test('says what to do where a bundle is missing', () => {
    renameSync(join(folder, 'package/assets'), join(folder, 'package/assets-of-another-name'));
    const { status, stderr } = synthesise();
    expect(status).toBe(1);
    expect(stderr).toContain(
      "Error: the rotation function 'regenerate' is missing from the package: it is not in assets/functions.br; install",
    );
  });
});
