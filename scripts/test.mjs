// Runs all tests, after installing what they need inside the checkout. Node.js >= 20 and Python >= 3.10 are all that must be
// there.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const results = '.servers/results';
/** Tests of functions wait for servers a good part of their time. */
const workers = availableParallelism() + 1;

function run(title, command, args, environment = {}) {
  console.log(`\n== ${title}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  if (error || status !== 0) {
    console.error(`\n${title}: failed${error ? ` (${error.message})` : ''}`);
    process.exit(1);
  }
}

/** Runs a command without showing what it writes before it is over, so that others can run at the same time. */
async function runAside(title, command, args, environment = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const written = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => written.push(chunk));
  }
  const [status] = await once(child, 'close');
  console.log(`\n== ${title}\n${Buffer.concat(written)}`);
  if (status !== 0) {
    console.error(`${title}: failed`);
    process.exit(1);
  }
}

/** Handlers know neither Jest nor the AWS CDK; all the rest is one program, so that their types are read once. */
async function checkTypes() {
  await runAside('Checking types of handlers', 'npx', ['tsc', '--noEmit', '-p', 'handlers']);
  await runAside('Checking types of everything else', 'npx', ['tsc', '--noEmit', '-p', 'test/all.tsconfig.json']);
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
// A compiler, types and the linter keep one processor busy each.
await Promise.all([
  runAside('Bundling the rotation functions and compiling the constructs', 'npx', ['projen', 'compile:checked'], quiet),
  checkTypes(),
  runAside('Linting', 'npx', ['projen', 'lint']),
]);
// Without a server the tests that need it are skipped, loudly, and what only they reach is not reached.
const servers = [
  '.servers/venv',
  '.servers/aws-lambda-rie',
  '.servers/mariadb/usr/sbin/mariadbd',
  '.servers/mariadb/usr/lib/mysql/plugin/simple_password_check.so',
  ...['15', '18'].map((version) => `test/servers/node_modules/postgresql-${version}-${process.arch}`),
];
const threshold = process.env.CI === 'true' || servers.every((server) => existsSync(server)) ? [] : ['--coverageThreshold={}'];
jest('Testing against the oldest supported AWS CDK', 'oldest', threshold);
jest('Testing the constructs against the newest AWS CDK', 'newest', ['--config', 'test/newest/jest.config.cjs']);
run('All tests', process.execPath, ['scripts/report.mjs']);
