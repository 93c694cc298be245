/**
 * Packs the library for all its languages: `npm run package:all`, or `node scripts/package-all.mjs [--out FOLDER] [LANGUAGE…]`.
 *
 * npm package, wheel, jar and Go module are what is published; for .NET, whose compiler this asks nobody for, C# is generated.
 * The README and the reference show each language's own examples, or nothing is packed.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findPython, requireNode, requireVenv, ROOT, run, SERVERS, Unmet } from './installation.mjs';
import { goModuleOfFloors, pomOfFloors } from './package-floors.mjs';

/** What is published, and where jsii's targets put it. */
export const LANGUAGES = ['js', 'python', 'java', 'go', 'dotnet'];
const PACKAGES = join(SERVERS, 'packages');
const TABLET = join(SERVERS, 'translations.json');
const TOOLS = join(ROOT, 'node_modules/.bin');
/** What goes into the assembly, the functions or the drill, and what makes them of it. */
const SOURCES = ['src', 'handlers', 'rotation-runtime', 'secret-client', 'scripts', 'test/servers', 'README.md', 'package.json'];

const environment = {
  ...process.env,
  PIP_CONSTRAINT: join(ROOT, 'scripts/packaging-constraints.txt'),
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
};

const tool = (name, args, options = {}) => run(join(TOOLS, name), args, { cwd: ROOT, env: environment, ...options });

export function step(title, action) {
  const started = Date.now();
  const result = action();
  console.log(`${title} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
  return result;
}

/** Compiles, unless everything that is compiled is older than what was made of it. */
export function compileOnce() {
  // The archive of functions is not written again where it would be the same.
  const made = ['.jsii', '.jsii.gz', 'lib/index.js', 'drill/index.js'].map((file) => join(ROOT, file));
  const newest = Math.max(...SOURCES.flatMap((name) => filesOf(join(ROOT, name))).map((file) => statSync(file).mtimeMs));
  const isFresh = made.every((file) => existsSync(file) && statSync(file).mtimeMs > newest);
  if (isFresh && existsSync(join(ROOT, 'assets/functions.br'))) return;
  step('bundled and compiled', () => {
    tool('projen', ['pre-compile']);
    tool('projen', ['compile']);
  });
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => name !== 'node_modules').flatMap((name) => filesOf(join(path, name)));
}

/** Packs into a folder for each language; what was there is removed. */
export function packAll(dist, languages = LANGUAGES) {
  compileOnce();
  step('translated the examples', () => {
    tool('jsii-rosetta', ['extract', '--compile', '--fail', '--strict', '--cache', TABLET, '--trim-cache', '.']);
  });
  languages.forEach((language) => rmSync(join(dist, language), { recursive: true, force: true }));
  const [built, generated] = [['js', 'python'], ['java', 'go', 'dotnet']]
    .map((targets) => targets.filter((target) => languages.includes(target)));
  if (built.length > 0) {
    step(`packed: ${built.join(', ')}`, () => pacmak(built, dist));
  }
  const code = join(PACKAGES, 'code');
  rmSync(code, { recursive: true, force: true });
  if (generated.length > 0) {
    step(`generated: ${generated.join(', ')}`, () => pacmak(generated, code, ['--code-only']));
  }
  if (languages.includes('go')) {
    cpSync(join(code, 'go'), join(dist, 'go'), { recursive: true });
    rewrite(join(dist, 'go/secretsmanagerpatterns/go.mod'), goModuleOfFloors);
  }
  if (languages.includes('dotnet')) {
    cpSync(join(code, 'dotnet'), join(dist, 'dotnet'), { recursive: true });
  }
  if (languages.includes('java')) {
    rewrite(join(code, 'java/pom.xml'), pomOfFloors);
    const deploy = ['deploy', `-DaltDeploymentRepository=local::default::${pathToFileURL(join(dist, 'java'))}`];
    step('packed: java', () => run('mvn', [...MAVEN.options, ...deploy], {
      cwd: join(code, 'java'), env: { ...environment, ...MAVEN.environment },
    }));
  }
}

function pacmak(targets, outdir, options = []) {
  const python = targets.includes('python') ? pythonFirst() : environment;
  tool('jsii-pacmak', [
    ...targets.flatMap((target) => ['--target', target]), '--outdir', outdir, ...options,
    '--rosetta-tablet', TABLET, '--rosetta-unknown-snippets', 'fail', '--force',
  ], { env: python });
}

/** The Python that is new enough is the one that jsii-pacmak finds, whatever its name. */
function pythonFirst() {
  const python = findPython();
  requireVenv(python);
  const executable = run(python.command, ['-c', 'import sys; print(sys.executable)']).trim();
  return { ...environment, PATH: `${dirname(executable)}${delimiter}${environment.PATH}` };
}

/** Maven with what it downloads inside the checkout, where nothing that was once installed gets in the way. */
export const MAVEN = {
  repository: join(SERVERS, 'maven'),
  options: ['--batch-mode', '--no-transfer-progress', '--quiet', `-Dmaven.repo.local=${join(SERVERS, 'maven')}`],
  // It ends before the slower compiler would pay.
  environment: { MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ''} -XX:+TieredCompilation -XX:TieredStopAtLevel=1` },
};

function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const out = args.indexOf('--out');
  const dist = resolve(out === -1 ? join(ROOT, 'dist') : args.splice(out, 2)[1]);
  try {
    requireNode();
    const unknown = args.filter((language) => !LANGUAGES.includes(language));
    if (unknown.length > 0) {
      throw new Unmet(`${unknown.join(', ')}: no language, there are ${LANGUAGES.join(', ')}.`);
    }
    mkdirSync(PACKAGES, { recursive: true });
    packAll(dist, args.length > 0 ? args : LANGUAGES);
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    console.error(`Nothing more was packed. ${error.message}`);
    process.exitCode = 1;
  }
}
