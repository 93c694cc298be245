/**
 * Packs the library for all its languages and shows that npm's and Python's package give one application the same templates.
 *
 * Wants a compiled checkout. The packages, and what is installed to try them, are in .servers/packages.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  findPython,
  makeVirtualEnvironment,
  once,
  requireNode,
  requireVenv,
  ROOT,
  run,
  SERVERS,
  Unmet,
} from './installation.mjs';

const PACKAGES = join(SERVERS, 'packages');
const DIST = join(PACKAGES, 'dist');
const VENV = join(PACKAGES, 'venv');
const VENV_PYTHON = join(VENV, 'bin/python');
const EXAMPLE = join(ROOT, 'examples/my-custom-app');
const PYTHON_EXAMPLE = join(EXAMPLE, 'python');
const REQUIREMENTS = join(PYTHON_EXAMPLE, 'requirements.txt');
const SHOWN = 20;

const environment = {
  ...process.env,
  // The Python of the virtual environment is the one that jsii-pacmak and the example's cdk.json find.
  PATH: `${join(VENV, 'bin')}${delimiter}${process.env.PATH}`,
  PIP_CONSTRAINT: join(ROOT, 'scripts/packaging-constraints.txt'),
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  // Away from the user's own settings, accounts and caches.
  JSII_RUNTIME_PACKAGE_CACHE_ROOT: join(PACKAGES, 'jsii-cache'),
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  CDK_HOME: join(PACKAGES, 'cdk-home'),
  CDK_VALIDATION: 'false',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const tool = (name, args, cwd = ROOT) => run(join(ROOT, 'node_modules/.bin', name), args, { cwd, env: environment });

function step(title, action) {
  const started = Date.now();
  const result = action();
  console.log(`${title} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  return result;
}

function pack() {
  rmSync(DIST, { recursive: true, force: true });
  tool('jsii-pacmak', ['--target', 'js', '--target', 'python', '--outdir', DIST]);
  // Their compilers are not asked for: what is seen is that the bindings can be generated.
  tool('jsii-pacmak', ['--target', 'java', '--target', 'dotnet', '--target', 'go', '--code-only', '--outdir', DIST]);
}

/** The one file of that kind that was packed. */
function packed(language, extension) {
  const files = readdirSync(join(DIST, language)).filter((name) => name.endsWith(extension));
  if (files.length !== 1) {
    throw new Unmet(`One ${extension} for ${language} was expected, there are ${files.length}: ${files.join(', ')}`);
  }
  return join(DIST, language, files[0]);
}

/**
 * Synthesises a copy of the TypeScript example beside an installed npm package.
 *
 * The peers are the checkout's: the folder is below its node_modules.
 */
function synthesiseFromNpmPackage(tarball) {
  const project = join(PACKAGES, 'javascript');
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true }));
  // Declarations are checked as well: of one that is missing the compiler would else say nothing.
  const compilerOptions = { noEmit: true, rootDir: '.', types: ['node'], skipLibCheck: false };
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../tsconfig.json', compilerOptions, include: ['**/*.ts'] }),
  );
  const omitted = new Set(['python', 'cdk.out']);
  cpSync(EXAMPLE, join(project, 'my-custom-app'), {
    recursive: true, verbatimSymlinks: true, filter: (source) => !omitted.has(source.slice(EXAMPLE.length + 1)),
  });
  run('npm', ['install', tarball, '--omit=peer', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: project });
  if (!existsSync(join(project, 'node_modules/cdk-secretsmanager-patterns/package.json'))) {
    throw new Unmet('npm installed the package elsewhere: the checkout itself would be tried');
  }
  tool('tsc', ['-p', project]);
  return synthesise('typescript', join(project, 'my-custom-app'));
}

function synthesiseFromWheel(wheel) {
  run(VENV_PYTHON, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--force-reinstall', wheel], { env: environment });
  run(VENV_PYTHON, ['-m', 'pip', 'check'], { env: environment });
  return synthesise('python', PYTHON_EXAMPLE);
}

/** Templates and assets by file. The assets are named by hash, the templates among them: even the order of properties counts. */
function synthesise(language, directory) {
  const output = join(PACKAGES, 'cdk.out', language);
  rmSync(output, { recursive: true, force: true });
  tool('cdk', ['synth', '--quiet', '--no-notices', '--no-version-reporting', '--output', output], directory);
  const files = readdirSync(output).filter((name) => /\.(template|assets)\.json$/.test(name)).sort();
  return Object.fromEntries(files.map((name) => [name, JSON.parse(readFileSync(join(output, name), 'utf8'))]));
}

/** Where two values differ, one line for each place. */
function differences(path, typescript, python) {
  const both = [typescript, python];
  if (both.every((value) => value !== null && typeof value === 'object')) {
    const keys = [...new Set(both.flatMap(Object.keys))];
    return keys.flatMap((key) => differences([...path, key], typescript[key], python[key]));
  }
  return typescript === python ? [] : [`${path.join(' > ')}\n  TypeScript: ${shown(typescript)}\n  Python:     ${shown(python)}`];
}

const shown = (value) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200));

function compare(typescript, python) {
  const found = differences([], typescript, python);
  if (found.length > 0) {
    const more = found.length > SHOWN ? `\n… and ${found.length - SHOWN} more` : '';
    throw new Unmet(`The Python example and the TypeScript example differ in ${found.length} `
      + `places:\n${found.slice(0, SHOWN).join('\n')}${more}`);
  }
  const templates = Object.entries(typescript).filter(([name]) => name.endsWith('.template.json'));
  const resources = templates.reduce((sum, [, { Resources }]) => sum + Object.keys(Resources).length, 0);
  if (resources === 0) {
    throw new Unmet('The examples have no resources: nothing was compared');
  }
  console.log(`TypeScript and Python agree: ${templates.length} templates, ${resources} resources, the same assets`);
}

try {
  requireNode();
  const python = findPython();
  requireVenv(python);
  if (!existsSync(join(ROOT, '.jsii'))) {
    throw new Unmet('The constructs are not compiled: run npm run check:packages, which does it.');
  }
  mkdirSync(PACKAGES, { recursive: true });
  once('packages', [python.version, readFileSync(REQUIREMENTS, 'utf8')], VENV_PYTHON, () => {
    makeVirtualEnvironment(python, VENV, REQUIREMENTS);
    return `the AWS CDK in a virtual environment of Python ${python.version}`;
  });
  step('packed into .servers/packages/dist: for JavaScript and Python, and what is generated for Java, .NET and Go', pack);
  const typescript = step('synthesised the TypeScript example with the npm package', () =>
    synthesiseFromNpmPackage(packed('js', '.tgz')),
  );
  const fromWheel = step('synthesised the Python example with the wheel', () => synthesiseFromWheel(packed('python', '.whl')));
  compare(typescript, fromWheel);
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The packages are not in order. ${error.message}`);
  process.exitCode = 1;
}
