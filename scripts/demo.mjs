// Synthesises the example with the AWS CDK's own command line and says what it made.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { output, synthesiseExample } from './synthesise-example.mjs';

/** What is billed for being there: list prices in USD a month, us-east-1, November 2026. */
const PRICES = {
  'AWS::SecretsManager::Secret': { price: 0.4, per: 'secret' },
  'AWS::KMS::Key': { price: 1, per: 'customer managed key' },
  'AWS::CloudWatch::Alarm': { price: 0.1, per: 'alarm' },
};
const ENDPOINT_PER_ZONE = 7.3;
const REPLICA = 0.4;

synthesiseExample();

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
  Secrets            the platform: key, rotation functions, their endpoint, alarms and daily audits; the small stack is its key \
for the replica
  ApplicationKey     encrypts the database, logs, notifications and settings of functions

About ${total.toFixed(2)} USD a month for what is billed for being there (list prices, us-east-1, November 2026; database and \
application not counted).

Next
  npm run demo:live                          the same, alive: the password rotates underneath the running application
  npm test                                   the tests
  examples/my-custom-app/my-custom-app-stack.ts   change something and run npm run demo again`);

function cost(resources) {
  return resources.reduce((sum, { Type, Properties }) => {
    const replicas = (Properties?.ReplicaRegions ?? []).length * REPLICA;
    const zones = Type === 'AWS::EC2::VPCEndpoint' ? Properties.SubnetIds.length * ENDPOINT_PER_ZONE : 0;
    return sum + (PRICES[Type]?.price ?? 0) + replicas + zones;
  }, 0);
}
