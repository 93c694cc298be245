/** What the scripts share that install something. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../..');
/** Inside the checkout, unless a user of the library has them installed elsewhere. */
export const SERVERS = process.env.TEST_SERVERS_FOLDER ?? join(ROOT, '.servers');
export const PLATFORM = `${process.platform}-${process.arch}`;
const NODE_MAJOR = 20;
const PYTHON_MINOR = 10;

/** Something that the machine lacks, or a command that failed: its message says all there is to say. */
export class Unmet extends Error {}

export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (error || status !== 0) {
    throw new Unmet(`${command} ${args.join(' ')} failed:\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  }
  return stdout;
}

export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
    throw new Unmet(`Node.js ${process.versions.node} was found, ${NODE_MAJOR} or newer is needed.`);
  }
}

/** The first Python that is new enough; its name can be given in the environment variable PYTHON. */
export function findPython() {
  const found = [];
  for (const command of [
    process.env.PYTHON, 'python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python',
  ]) {
    if (!command) continue;
    const probe = spawnSync(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], { encoding: 'utf8' });
    if (probe.status !== 0) continue;
    const version = probe.stdout.trim();
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= PYTHON_MINOR) return { command, version };
    found.push(`${command} is ${version}`);
  }
  throw new Unmet(`${found.length > 0 ? `Python was found, but ${found.join(', ')}` : 'No Python was found'}; 3.${PYTHON_MINOR} `
    + 'or newer is needed.');
}

export function requireVenv({ command, version }) {
  if (spawnSync(command, ['-c', 'import venv, ensurepip']).status !== 0) {
    throw new Unmet(`Python ${version} (${command}) lacks the modules venv and ensurepip; on Debian and Ubuntu the package `
      + 'python3-venv has them.');
  }
}

/** Makes a virtual environment anew with what the file pins. Every version is pinned, so there is nothing to resolve. */
export function makeVirtualEnvironment(python, directory, requirements) {
  const venvPython = join(directory, 'bin/python');
  rmSync(directory, { recursive: true, force: true });
  run(python.command, ['-m', 'venv', directory]);
  run(venvPython, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements]);
  run(venvPython, ['-m', 'pip', 'check', '--disable-pip-version-check']);
}

/** Runs `install` unless it already ran for the same inputs and `product` still exists. */
export function once(name, inputs, product, install) {
  const stamp = join(SERVERS, `${name}.stamp`);
  const key = createHash('sha256').update([PLATFORM, ...inputs].join('\0')).digest('hex');
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  const started = Date.now();
  rmSync(stamp, { force: true });
  const what = install();
  writeFileSync(stamp, key);
  console.log(`installed ${what} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
}
