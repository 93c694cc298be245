import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONTEXT_OVERFLOW_LOCATION_ENV, OUTDIR_ENV } from 'aws-cdk-lib/cx-api';
import { UsageError } from './arguments';
import { EXAMPLE_ACCOUNT, EXAMPLE_REGION } from '../local-deployment/somewhere';

/**
 * The directory of the app's cloud assembly: the given one, or what the app's command writes into `output`.
 *
 * The command is run as the CDK runs it, but nothing is looked up in an account: what the app asks for stays what the CDK takes
 * for it until then, such as a VPC of no account, which is of no consequence here.
 */
export function synthesise(app: string | undefined, folder: string, output: string): string {
  const settings = readJson(join(folder, 'cdk.json'));
  const given = app ?? settings.app;
  if (typeof given !== 'string') {
    throw new UsageError(`--app is missing, and ${join(folder, 'cdk.json')} names no app`);
  }
  const directory = resolve(folder, given);
  if (existsSync(directory) && statSync(directory).isDirectory()) {
    return checked(directory);
  }
  run(given, folder, output, { ...settings.context as object, ...readJson(join(folder, 'cdk.context.json')) });
  return checked(output);
}

function run(command: string, folder: string, output: string, context: object): void {
  mkdirSync(output, { recursive: true });
  // In a file, for it may be too long for a variable. Paths of constructs are what secrets are called in the report.
  const file = `${output}.context.json`;
  writeFileSync(file, JSON.stringify({ ...context, 'aws:cdk:enable-path-metadata': true }));
  const { status, signal, error } = spawnSync(command, {
    cwd: folder,
    shell: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      CDK_DEFAULT_ACCOUNT: EXAMPLE_ACCOUNT,
      CDK_DEFAULT_REGION: EXAMPLE_REGION,
      ...process.env,
      [OUTDIR_ENV]: output,
      [CONTEXT_OVERFLOW_LOCATION_ENV]: file,
    },
  });
  if (error !== undefined || status !== 0) {
    throw new UsageError(`the app was not synthesised: ${command} ended with ${error?.message ?? status ?? signal}`);
  }
}

function checked(directory: string): string {
  if (!existsSync(join(directory, 'manifest.json'))) {
    throw new UsageError(`${directory} holds no cloud assembly: it has no manifest.json`);
  }
  return directory;
}

function readJson(file: string): Record<string, unknown> {
  if (!existsSync(file)) {
    return {};
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
