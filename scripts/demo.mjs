// Synthesises the example with the AWS CDK's own command line and says what it made.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const example = join(root, 'examples', 'my-custom-app');
const output = join(root, '.demo', 'cdk.out');

/** What is billed for being there: list prices in USD a month, us-east-1, November 2026. */
const PRICES = {
  'AWS::SecretsManager::Secret': { price: 0.4, per: 'secret' },
  'AWS::KMS::Key': { price: 1, per: 'customer managed key' },
  'AWS::CloudWatch::Alarm': { price: 0.1, per: 'alarm' },
};
const ENDPOINT_PER_ZONE = 7.3;
const REPLICA = 0.4;

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Node.js ${process.versions.node} is too old: the demonstration needs 20 or later`);
  process.exit(1);
}

mkdirSync(join(root, '.demo'), { recursive: true });
if (!existsSync(join(root, 'assets', 'rotate-postgresql', 'index.js'))) {
  run('npx', ['tsx', 'scripts/bundle-handlers.ts'], root);
}
run(join(root, 'node_modules', '.bin', 'cdk'), ['synth', '--quiet', '--no-notices', '--output', output], example);

const templates = readdirSync(output).filter((name) => name.endsWith('.template.json')).sort();
let total = 0;
for (const name of templates) {
  const resources = Object.values(JSON.parse(readFileSync(join(output, name), 'utf8')).Resources ?? {});
  const counts = new Map();
  for (const { Type } of resources) {
    counts.set(Type, (counts.get(Type) ?? 0) + 1);
  }
  console.log(`\n${name.replace('.template.json', '')}: ${resources.length} resources, .demo/cdk.out/${name}`);
  for (const [type, count] of [...counts].sort()) {
    console.log(`  ${String(count).padStart(3)} ${type}`);
  }
  total += cost(resources);
}

console.log(`
What the parts are for
  MyCustomAppCreds   the credentials of MyCustomApp, with two users that take turns, and a replica in eu-west-1
  PersonnelAdmin     the admin secret of the database Personnel, which rotates as well
  Secrets            the platform: key, rotation functions, their endpoint, alarms and daily audits

About ${total.toFixed(2)} USD a month for what is billed for being there (list prices, us-east-1, November 2026; database and application not counted).

Next
  npm test                                   the tests
  examples/my-custom-app/my-custom-app-stack.ts   change something and run npm run demo again`);

function cost(resources) {
  return resources.reduce((sum, { Type, Properties }) => {
    const replicas = (Properties?.ReplicaRegions ?? []).length * REPLICA;
    const zones = Type === 'AWS::EC2::VPCEndpoint' ? Properties.SubnetIds.length * ENDPOINT_PER_ZONE : 0;
    return sum + (PRICES[Type]?.price ?? 0) + replicas + zones;
  }, 0);
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Away from the user's own settings and accounts: nothing is looked up.
    env: { ...process.env, CDK_HOME: join(root, '.demo', 'home'), CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
  });
  if (error || status !== 0) {
    console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
    process.exit(1);
  }
}
