import { awscdk, javascript } from 'projen';
import { Documents } from './projenrc/documents';
import { Drill, DRILL } from './projenrc/drill';
import { Handlers } from './projenrc/handlers';
import { ImportOrder } from './projenrc/import-order';
import { Lint } from './projenrc/lint';
import { PublicDeclarations } from './projenrc/public-declarations';
import { Release, RELEASE } from './projenrc/release';
import { Scripts } from './projenrc/scripts';
import { Templates } from './projenrc/templates';
import { Workflows } from './projenrc/workflows';

/** The only place that holds the repository's address. */
const REPOSITORY = 'github.com/cdk-secretsmanager-patterns/cdk-secretsmanager-patterns';

/** What test files do not load anew: it takes long, and no file depends on what another one has left in it. */
const LOADED_ONCE = 'aws-cdk-lib|constructs|@aws-sdk|@smithy|@aws-crypto|@azure|fast-check|pure-rand|tedious';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-secretsmanager-patterns',
  description: 'AWS Secrets Manager secrets that are encrypted, guarded, rotated, replicated and watched: one AWS CDK construct',
  author: 'cdk-secretsmanager-patterns contributors',
  authorOrganization: true,
  authorAddress: 'contributors@cdk-secretsmanager-patterns.example',
  repositoryUrl: `https://${REPOSITORY}.git`,
  license: 'Apache-2.0',
  // Nothing has been released or deployed: no member is promised to stay as it is.
  stability: 'experimental',
  keywords: ['aws', 'cdk', 'secrets-manager', 'rotation', 'kms'],
  defaultReleaseBranch: 'main',

  cdkVersion: '2.220.0',
  cdkVersionPinning: false,
  constructsVersion: '10.4.2',
  jsiiVersion: '~6.0.16',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,

  publishToPypi: {
    distName: 'cdk-secretsmanager-patterns',
    module: 'cdk_secretsmanager_patterns',
    trustedPublishing: true,
    attestations: true,
  },
  publishToMaven: {
    javaPackage: 'io.github.cdksecretsmanagerpatterns',
    mavenGroupId: 'io.github.cdk-secretsmanager-patterns',
    mavenArtifactId: 'cdk-secretsmanager-patterns',
  },
  publishToNuget: {
    dotNetNamespace: 'CdkSecretsManagerPatterns',
    packageId: 'CdkSecretsManagerPatterns',
    trustedPublishing: true,
  },
  publishToGo: { moduleName: `${REPOSITORY}-go`, packageName: 'secretsmanagerpatterns' },

  projenrcTs: true,
  sampleCode: false,
  ...RELEASE,
  postBuildSteps: Release.postBuildSteps,
  gitpod: false,
  compressAssembly: true,
  lambdaAutoDiscover: false,
  entrypointTypes: 'lib/index.d.ts',
  gitignore: ['/.servers/', '/examples/*/dist/', '.jsii.tabl.json', '.jsii.gz', 'cdk.out', '/.demo/', '.venv', '__pycache__'],

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    coverageText: true,
    junitReporting: false,
    jestVersion: '^30',
    jestConfig: {
      coverageProvider: 'babel',
      coverageReporters: ['lcovonly'],
      // For the slowest test on a busy machine: what takes longer has come to a stop.
      testTimeout: 120_000,
      // Tests that wait for servers that say nothing wait at the same time.
      maxConcurrency: 16,
      // What is loaded once keeps what each test file has made with it: a process is followed by a new one before that is much.
      workerIdleMemoryLimit: '700MB',
      // Jest looks up every global through a proxy: these are handed to each module instead, which saves a fifth of the time.
      sandboxInjectedGlobals: ['Array', 'JSON', 'Map', 'Math', 'Object', 'WeakMap'],
      testEnvironment: '<rootDir>/test/support/node-environment.cjs',
      testSequencer: '<rootDir>/test/support/sequencer.cjs',
      transform: {
        [`/node_modules/(${LOADED_ONCE})/.*\\.js$`]: new javascript.Transform('<rootDir>/test/support/load-once.cjs'),
      },
      transformIgnorePatterns: [`/node_modules/(?!(${LOADED_ONCE})/)`],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      // The rule packs need the newest AWS CDK, the others a server: test/newest/jest.config.cjs and
      // test/external/jest.config.cjs run them.
      testPathIgnorePatterns: ['/node_modules/', '/test/compliance/', '/test/external/'],
      moduleNameMapper: { '^cdk-secretsmanager-patterns$': '<rootDir>/src/index.ts' },
      collectCoverageFrom: ['src/**/*.ts', 'handlers/**/*.ts'],
      coverageThreshold: { statements: 100, branches: 100, functions: 100, lines: 100 },
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
      setupFiles: ['<rootDir>/test/support/environment.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/drill/', '<rootDir>/.servers/'],
    },
  },
  npmignoreEnabled: false,
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['handlers', 'test', 'projenrc', 'examples', 'scripts', 'benchmarks'],
    fileExtensions: ['.ts', '.mjs', '.cjs'],
    commandOptions: { fix: false, extraArgs: ['--max-warnings=0'] },
    ignorePatterns: [
      '**/*.js',
      '**/*.d.ts',
      '.servers/',
      'assets/',
      'coverage/',
      'dist/',
      'lib/',
      '**/cdk.out/',
      'examples/*/dist/',
    ],
  },

  devDeps: [
    '@smithy/signature-v4', '@aws-crypto/sha256-js', '@smithy/types', 'pg', '@types/pg', 'mysql2@^3', 'tedious@~19.2',
    'oracledb@~26.0', '@types/oracledb', 'mongodb@~6.16', '@types/aws-lambda',
    'aws-cdk@2.1148.1', 'tsx@^4', 'esbuild@^0.28', 'fast-check@^4', 'jest-environment-node@^30', '@jest/test-sequencer@^30',
    '@stryker-mutator/core@^9.6', '@stryker-mutator/jest-runner@^9.6',
    '@aws-sdk/client-secrets-manager@^3', '@aws-sdk/client-lambda@^3', '@aws-sdk/client-kms@^3',
    'eslint-plugin-jsdoc', 'jsii-rosetta@~6.0',
    // AGPL-3.0: a test runs it, and nothing that is packed holds any of it.
    '@cloud-copilot/iam-simulate@~0.1.173',
    // The last major versions for Node.js 20.
    'conventional-changelog@~7.2', 'conventional-changelog-conventionalcommits@^9',
  ],
});

new Handlers(project);
new Lint(project);
new ImportOrder(project);
new PublicDeclarations(project);
new Scripts(project);
new Documents(project);
new Drill(project);
new Templates(project);
new Workflows(project);
new Release(project);
new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');

// The next version is not complete on all platforms, and a lock file without them cannot be installed cleanly.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
// What is packed is named, so that a file that lies beside them is not published.
project.package.addField('files', [
  '/.jsii', '/.jsii.gz', '/assets/functions.br', '/assets/LICENSES.txt', '/assets/rotation-runtime/', '/assets/secret-client/',
  DRILL, '/lib/', '/rotation-runtime/', '/secret-client/',
]);
project.tsconfigDev.addExclude('**/node_modules');
project.tsconfigDev.file.addOverride('compilerOptions.paths', { 'cdk-secretsmanager-patterns': ['../src/index.ts'] });

project.synth();
