// Runs all tests, after installing what they need inside the checkout. Node.js >= 20 and Python >= 3.10 are all that must be
// there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const results = '.servers/results';
/** Tests of functions wait more than they work, so that two at a time are right on two processors as well. */
const workers = Math.max(2, availableParallelism() - 1);

function run(title, command, args, environment = {}) {
  console.log(`\n== ${title}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  if (error || status !== 0) {
    console.error(`\n${title}: failed${error ? ` (${error.message})` : ''}`);
    process.exit(1);
  }
}

const quiet = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0] };

function jest(title, name, args) {
  run(
    title,
    'npx',
    ['jest', '--ci', `--maxWorkers=${workers}`, '--json', `--outputFile=${results}/${name}.json`, ...args],
    quiet,
  );
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Node.js ${process.versions.node} is too old: the tests need 20 or later`);
  process.exit(1);
}

run('Installing the servers that the tests run against', process.execPath, ['scripts/install-test-servers.mjs']);
run('Installing the newest AWS CDK', 'npm', ['ci', '--prefix', 'test/newest', '--no-audit', '--no-fund']);
mkdirSync(results, { recursive: true });
run('Bundling the rotation functions and compiling the constructs', 'npx', ['projen', 'compile:checked'], quiet);
run('Checking types of the rotation functions', 'npx', ['tsc', '--noEmit', '-p', 'handlers']);
run('Checking types of the tests', 'npx', ['tsc', '--noEmit', '-p', 'test']);
run('Checking types of the examples', 'npx', ['tsc', '--noEmit', '-p', 'examples']);
run('Checking types of the scripts', 'npx', ['tsc', '--noEmit', '-p', 'scripts']);
run('Checking types of the benchmarks', 'npx', ['tsc', '--noEmit', '-p', 'benchmarks']);
run('Linting', 'npx', ['projen', 'lint']);
// Without a server the tests that need it are skipped, loudly, and what only they reach is not reached.
const servers = [
  '.servers/venv',
  '.servers/aws-lambda-rie',
  '.servers/mariadb/usr/sbin/mariadbd',
  ...['15', '18'].map((version) => `test/servers/node_modules/postgresql-${version}-${process.arch}`),
];
const threshold = process.env.CI === 'true' || servers.every((server) => existsSync(server)) ? [] : ['--coverageThreshold={}'];
jest('Testing against the oldest supported AWS CDK', 'oldest', threshold);
jest('Testing the constructs against the newest AWS CDK', 'newest', ['--config', 'test/newest/jest.config.cjs']);
run('All tests', process.execPath, ['scripts/report.mjs']);
