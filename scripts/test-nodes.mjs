/**
 * Runs the core of the tests on the other versions of Node.js that are supported: on the one at hand `npm test` runs all of them.
 *
 * Node.js 22 and 24 are among the servers that tests use: `npm test` installs them, and this does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode, ROOT, run, Unmet } from './installation.mjs';

const VERSIONS = [22, 24];
/** What everything else rests on: rules, messages, policies, and the steps of a rotation in memory. */
const TESTS = [
  'test/content', 'test/contract', 'test/core', 'test/hardened-secret.test.ts', 'test/replication', 'test/resource-policy',
  'test/rotation-function', 'test/secret/', 'test/secrets-platform.test.ts', 'test/handlers/core',
];

try {
  requireNode();
  run(process.execPath, [join(ROOT, 'scripts/install-test-servers.mjs'), '--for-example']);
  for (const version of VERSIONS) {
    const node = join(ROOT, 'test/servers/node_modules', `node-${version}-${process.arch}`, 'bin/node');
    if (!existsSync(node)) {
      throw new Unmet(`Node.js ${version} is not available for ${process.platform}-${process.arch} here.`);
    }
    console.log(`\n== On Node.js ${run(node, ['--version']).trim()}`);
    const jest = [join(ROOT, 'node_modules/jest/bin/jest.js'), '--config', 'test/unit.jest.config.cjs'];
    const { status } = spawnSync(node, [...jest, ...TESTS], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) throw new Unmet(`Tests failed on Node.js ${version}.`);
  }
} catch (error) {
  if (!(error instanceof Unmet)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
