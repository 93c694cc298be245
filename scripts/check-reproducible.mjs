/**
 * Shows that one commit makes one package: builds it twice, in folders of different names and depths, and compares every file.
 *
 * Times of files are not compared, as npm sets them. The installed packages are those of the checkout.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireNode, ROOT, run, Unmet } from './installation.mjs';

const ENVIRONMENT = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0] };

/** Links where the file system can, so that a gigabyte is not copied twice. */
function copyPackages(target) {
  if (spawnSync('cp', ['-al', join(ROOT, 'node_modules'), target], { stdio: 'ignore' }).status !== 0) {
    rmSync(target, { recursive: true, force: true });
    cpSync(join(ROOT, 'node_modules'), target, { recursive: true, verbatimSymlinks: true });
  }
}

/** What npm would publish of the commit, unpacked, by the checksum of each file. */
function build(folder) {
  mkdirSync(folder, { recursive: true });
  const clone = join(folder, 'clone');
  run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
  run('git', ['checkout', '--quiet', revision], { cwd: clone });
  copyPackages(join(clone, 'node_modules'));
  for (const task of ['pre-compile', 'compile']) {
    run('npx', ['projen', task], { cwd: clone, env: ENVIRONMENT });
  }
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: clone });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  return checksums(join(folder, 'package'));
}

function checksums(directory) {
  return new Map(readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(directory, file)).isFile())
    .map((file) => [file, createHash('sha256').update(readFileSync(join(directory, file))).digest('hex')]));
}

const revision = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
const folder = mkdtempSync(join(tmpdir(), 'reproducible-'));
try {
  requireNode();
  const one = build(join(folder, 'one'));
  const other = build(join(folder, 'another', 'and-deeper'));
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  const differing = names.filter((name) => one.get(name) !== other.get(name));
  if (names.length === 0 || differing.length > 0) {
    throw new Unmet(`Of ${names.length} files, these differ: ${differing.join(', ')}`);
  }
  console.log(`Two builds of ${revision.slice(0, 10)} have the same ${names.length} files`);
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(`The package is not reproducible. ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
