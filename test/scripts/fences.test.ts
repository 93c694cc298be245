import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const FENCES = join(__dirname, '../../scripts/check-packages/fences.mjs');

/** What is found in a text. */
function foreignFences(text: string): string[] {
  const script = `import { foreignFences } from ${JSON.stringify(FENCES)};
    console.log(JSON.stringify(foreignFences(${JSON.stringify(text)})));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(stdout) as string[];
}

const fence = (label: string, ...lines: string[]) => ['```' + label, ...lines, '```', ''].join('\n');

describe('an example under the label of another language', () => {
  test.each(['python', 'java', 'go', 'csharp'])('is found where it is TypeScript under %s', (label) => {
    const examples = [
      fence(label, "const secret = new HardenedSecret(this, 'Secret', {});"),
      fence(label, "import { HardenedSecret } from 'cdk-secretsmanager-patterns';"),
      fence(label, "new HardenedSecret(this, 'Secret', {", "  secretName: 'orders/database',", '});'),
      fence(label, "secret.grants.read('everybody');"),
    ];
    expect(foreignFences(examples.join('\n'))).toHaveLength(examples.length);
    expect(foreignFences(examples[0])).toEqual([`${label}: const secret = new HardenedSecret(this, 'Secret', {});`]);
  });

  test('is found in a comment', () => {
    expect(foreignFences(['/// ```csharp', "/// const name = 'orders';", '/// ```'].join('\n'))).toHaveLength(1);
  });

  test('is none where it is the language', () => {
    expect(foreignFences([
      fence('python', 'HardenedSecret(self, "Secret",', "    secret_name='orders/database'", ')'),
      fence('java', 'HardenedSecret.Builder.create(this, "Secret").build(); // it\'s there, isn\'t it?'),
      fence('go', 'secret := patterns.NewHardenedSecret(stack, jsii.String("Secret"), nil)'),
      fence('csharp', 'new HardenedSecret(this, "Secret", new HardenedSecretProps { SecretName = "orders" });'),
      fence('ts', "const secret = 'TypeScript';"),
    ].join('\n'))).toEqual([]);
  });
});
