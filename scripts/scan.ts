// Scans the templates of the example and of the smaller apps in test/compliance, and compares what is found with what is
// acknowledged in test/compliance/acknowledged.json.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CfnLint } from './scan/cfn-lint';
import { Checkov } from './scan/checkov';
import { compare } from './scan/comparison';
import { ControlTower } from './scan/control-tower';
import { stackOfTemplate } from './scan/scanner';
import { acknowledgedFindings, finding } from '../test/compliance/acknowledged';
import { APPS, THE_EXAMPLE } from '../test/compliance/apps';

const ROOT = join(__dirname, '..');
const ASSEMBLY = join(ROOT, '.demo/cdk.out');
const SCANNERS = join(ROOT, '.servers/scanners');
const NEWEST = join(ROOT, 'test/newest/node_modules');

const smaller = Object.entries(APPS).filter(([name]) => name !== THE_EXAMPLE).map(([, make]) => make().synth().directory);
const templates = [ASSEMBLY, ...smaller].flatMap((assembly) =>
  readdirSync(assembly).filter((name) => name.endsWith('.template.json')).map((name) => join(assembly, name)));
const stacks = templates.map(stackOfTemplate);
console.log(`Scanning ${stacks.join(', ')}`);

for (const scanner of [new CfnLint(SCANNERS), new Checkov(SCANNERS), new ControlTower(NEWEST)]) {
  const found = [...new Set(scanner.scan(templates).map(({ rule, resource }) => finding(rule, resource)))].sort();
  const { unexplained, vanished } = compare(found, acknowledgedFindings(scanner.tool, stacks));
  console.log(`${scanner.tool}: ${found.length} found, ${unexplained.length} of them not acknowledged, ${vanished.length} `
    + 'acknowledged and not found');
  unexplained.forEach((line) => console.error(`  not acknowledged: ${line}`));
  vanished.forEach((line) => console.error(`  not found: ${line}`));
  if (unexplained.length + vanished.length > 0) {
    process.exitCode = 1;
  }
}
