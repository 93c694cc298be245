/** How a user of each language installs a package and runs an app: each in a folder of its own, from what was packed. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, makeVirtualEnvironment, once, ROOT, SERVERS, Unmet } from '../installation.mjs';
import { MAVEN } from '../package-all.mjs';

const PACKAGES = join(SERVERS, 'packages');
const APPS = join(ROOT, 'test/languages');
const EXAMPLE = join(ROOT, 'examples/my-custom-app');
const VENV = join(PACKAGES, 'venv');
/** Everything that the wheel needs, pinned: the oldest AWS CDK that is supported. */
const REQUIREMENTS = join(EXAMPLE, 'python/requirements.txt');
const MODULE = 'github.com/cdk-secretsmanager-patterns/cdk-secretsmanager-patterns-go/secretsmanagerpatterns';

const environment = {
  ...process.env,
  ASSETS: join(APPS, 'assets'),
  // Away from the user's own caches.
  JSII_RUNTIME_PACKAGE_CACHE_ROOT: join(PACKAGES, 'jsii-cache'),
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Runs a command, and gives what it wrote. */
export function execute(command, args, cwd, variables = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...environment, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err] = [[], []];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('error', (error) => reject(new Unmet(`${command} cannot be started: ${error.message}`)));
    child.on('close', (status) => {
      const written = Buffer.concat(out).toString();
      if (status === 0) resolve(written);
      else reject(new Unmet(`${command} ${args.join(' ')} failed:\n${written}${Buffer.concat(err)}`));
    });
  });
}

/** A copy of an app, in a folder where nothing else is. */
function copyOf(language) {
  const folder = join(PACKAGES, 'apps', language);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(APPS, language), folder, { recursive: true });
  return folder;
}

/** The one file of that kind that was packed. */
export function packed(dist, language, extension) {
  const files = readdirSync(join(dist, language)).filter((name) => name.endsWith(extension));
  if (files.length !== 1) {
    throw new Unmet(`One ${extension} for ${language} was expected, there are ${files.length}: ${files.join(', ')}`);
  }
  return join(dist, language, files[0]);
}

/** Where an app is synthesised to, and what it wrote. */
async function run(name, command, args, folder, variables = {}) {
  const output = join(PACKAGES, 'cdk.out', name);
  rmSync(output, { recursive: true, force: true });
  return { name, output, written: await execute(command, args, folder, { ...variables, CDK_OUTDIR: output }) };
}

/**
 * The peers are the checkout's, the oldest supported: the folder is below its node_modules. Declarations are checked as well.
 *
 * What was compiled runs on each Node.js that is installed for tests, and beside the newest AWS CDK.
 */
export async function typescript(dist) {
  const folder = copyOf('typescript');
  cpSync(EXAMPLE, join(folder, 'example'), { recursive: true, filter: (source) => !/[\\/](python|cdk\.out)$/.test(source) });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const compilerOptions = { rootDir: '.', outDir: '.', types: ['node'], skipLibCheck: false, declaration: false };
  const configuration = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['**/*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
  const options = ['--omit=peer', '--ignore-scripts', '--no-audit', '--no-fund'];
  await execute('npm', ['install', packed(dist, 'js', '.tgz'), ...options], folder);
  if (!existsSync(join(folder, 'node_modules/cdk-secretsmanager-patterns/package.json'))) {
    throw new Unmet('npm installed the package elsewhere: the checkout itself would be tried');
  }
  await execute(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], folder);
  const example = await run('typescript-example', process.execPath, ['my-custom-app.js'], join(folder, 'example'));
  const runs = [await run('typescript', process.execPath, ['app.js'], folder)];
  for (const version of [22, 24]) {
    const node = join(ROOT, `test/servers/node_modules/node-${version}-${process.arch}/bin/node`);
    if (existsSync(node)) runs.push(await run(`typescript-on-node-${version}`, node, ['app.js'], folder));
  }
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    const newest = join(ROOT, 'test/newest/node_modules', peer);
    if (existsSync(newest)) symlinkSync(newest, join(folder, 'node_modules', peer));
  }
  if (existsSync(join(folder, 'node_modules/aws-cdk-lib'))) {
    runs.push(await run('typescript-with-newest-cdk', process.execPath, ['app.js'], folder));
  }
  return { runs, example };
}

/** Python with the oldest AWS CDK that is supported, and none of ours yet. */
export function pythonWithTheCdk() {
  const found = findPython();
  const executable = join(VENV, 'bin/python');
  once('packages', [found.version, readFileSync(REQUIREMENTS, 'utf8')], executable, () => {
    makeVirtualEnvironment(found, VENV, REQUIREMENTS);
    return `the AWS CDK in a virtual environment of Python ${found.version}`;
  });
  return executable;
}

export async function python(dist) {
  const folder = copyOf('python');
  const executable = pythonWithTheCdk();
  const wheel = packed(dist, 'python', '.whl');
  await execute(executable, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--force-reinstall', wheel], folder);
  await execute(executable, ['-m', 'pip', 'check'], folder);
  const example = await run('python-example', executable, ['app.py'], join(EXAMPLE, 'python'));
  return { runs: [await run('python', executable, ['app.py'], folder)], example };
}

/** The package is taken from where it was deployed to; a former one of the same version is forgotten. */
export async function java(dist) {
  const folder = copyOf('java');
  rmSync(join(MAVEN.repository, 'io/github/cdk-secretsmanager-patterns'), { recursive: true, force: true });
  const settings = join(folder, 'settings.xml');
  writeFileSync(settings, `<settings><profiles><profile><id>packed</id><repositories><repository><id>packed</id>
    <url>file://${join(dist, 'java')}</url></repository></repositories></profile></profiles>
    <activeProfiles><activeProfile>packed</activeProfile></activeProfiles></settings>\n`);
  const options = [...MAVEN.options, `--settings=${settings}`];
  return { runs: [await run('java', 'mvn', [...options, 'compile', 'exec:java'], folder, MAVEN.environment)] };
}

export async function go(dist) {
  const folder = copyOf('go');
  const variables = { GOFLAGS: '-mod=mod' };
  const replace = `-replace=${MODULE}=${join(dist, 'go/secretsmanagerpatterns')}`;
  await execute('go', ['mod', 'edit', replace], folder, variables);
  await execute('go', ['build', '-o', 'orders', '.'], folder, variables);
  return { runs: [await run('go', join(folder, 'orders'), [], folder)] };
}
