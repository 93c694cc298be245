/** The examples of Getting started, each as an app of its own: with what the page takes for granted, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, Unmet } from '../../scripts/installation.mjs';

/** What the stack has that the examples refer to. */
const THERE = {
  vpc: "new ec2.Vpc(this, 'Vpc')",
  topic: "new sns.Topic(this, 'Topic')",
  masterSecret: "secretsmanager.Secret.fromSecretNameV2(this, 'Master', 'warehouse/master')",
  warehouseSecurityGroup: "ec2.SecurityGroup.fromSecurityGroupId(this, 'Group', 'sg-01234567')",
};

/** The imports are those with which the examples are compiled. */
export function guideApps() {
  const [imports] = readFileSync(join(ROOT, 'rosetta/default.ts-fixture'), 'utf8').split('declare const');
  const page = readFileSync(join(ROOT, 'docs/getting-started.md'), 'utf8');
  const examples = [...page.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code);
  if (examples.length === 0) throw new Unmet('Getting started has no examples');
  return examples.map((example) => `${imports}
class Guide extends Stack {
  constructor(app: App) {
    super(app, 'Guide', { env: { region: 'us-east-1' } });
${Object.entries(THERE).map(([name, value]) => `    const ${name} = ${value};`).join('\n')}
${example}
  }
}
const app = new App();
new Guide(app);
app.synth();
`);
}
