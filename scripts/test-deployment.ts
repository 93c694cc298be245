/**
 * Deploys a secret to the account of the environment's credentials, waits for its first rotation, rotates it, and deletes all.
 *
 * With AWS_ENDPOINT_URL it goes to what listens there, an emulator say. Prints a row for the table in docs/testing.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expectRotations } from './deployed-rotations';

const ROOT = resolve(__dirname, '..');
const FOLDER = join(ROOT, '.servers', 'deployment');
const OUTPUTS = join(FOLDER, 'outputs.json');

/** With a home of its own: the CDK remembers there whose account a key is. */
function cdk(...args: string[]): void {
  const { status, error } = spawnSync(join(ROOT, 'node_modules', '.bin', 'cdk'), [...args, '--output', join(FOLDER, 'cdk.out')], {
    cwd: join(ROOT, 'test', 'deployment'),
    stdio: 'inherit',
    env: { ...process.env, CDK_HOME: FOLDER, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' },
  });
  if (error || status !== 0) {
    throw new Error(`cdk ${args[0]} failed${error ? `: ${error.message}` : ''}`);
  }
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const started = Date.now();
  try {
    cdk('deploy', '--require-approval', 'never', '--outputs-file', OUTPUTS);
    const outputs = JSON.parse(readFileSync(OUTPUTS, 'utf8')) as Record<string, { SecretArn: string }>;
    const [{ SecretArn: arn }] = Object.values(outputs);
    await expectRotations(new SecretsManagerClient({ region: arn.split(':')[3] }), arn);
    const where = process.env.AWS_ENDPOINT_URL ? 'an emulator' : `AWS, ${arn.split(':')[3]}`;
    const minutes = ((Date.now() - started) / 60_000).toFixed(1);
    console.log(`\n| ${new Date().toISOString().slice(0, 10)} | ${where} | deployed, rotated twice in ${minutes} minutes |`);
  } finally {
    cdk('destroy', '--force');
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
