// Synthesises the example with the AWS CDK's own command line into .demo/cdk.out: alone, or for the demonstrations.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageCommand } from './package-command.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const example = join(root, 'examples', 'my-custom-app');

/** Directory of the cloud assembly. */
export const output = join(root, '.demo', 'cdk.out');

export function synthesiseExample() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Node.js ${process.versions.node} is too old: the demonstration needs 20 or later`);
    process.exit(1);
  }
  // Templates of stacks that are no longer there would be taken for the example's.
  rmSync(output, { recursive: true, force: true });
  mkdirSync(join(root, '.demo'), { recursive: true });
  if (!existsSync(join(root, 'assets', 'rotate-postgresql', 'index.js'))) {
    run(packageCommand(root, 'tsx'), [join('scripts', 'bundle-handlers.ts')], root);
  }
  run(packageCommand(root, 'aws-cdk', 'cdk'), ['synth', '--quiet', '--no-notices', '--output', output], example);
}

function run(script, args, cwd) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Away from the user's own settings and accounts: nothing is looked up.
    env: {
      ...process.env,
      CDK_HOME: join(root, '.demo', 'home'),
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  if (error || status !== 0) {
    console.error(`${script} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  synthesiseExample();
}
