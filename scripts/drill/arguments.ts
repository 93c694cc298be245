import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What somebody has typed wrong: its message is all there is to say. */
export class UsageError extends Error {}

export interface DrillArguments {
  readonly help: boolean;
  /** A command, or the directory of a cloud assembly. @default - what cdk.json says */
  readonly app?: string;
  readonly rotations: number;
  readonly seed: number;
  /** Where servers are installed. */
  readonly cache: string;
}

const COMMAND = 'drill';
const HIGHEST_ROTATIONS = 100;
const HIGHEST_SEED = 2 ** 32 - 1;

export const HELP = `Usage: npx cdk-secretsmanager-patterns drill [options]

Deploys the rotated secrets of an app on this machine, with database servers and emulators in place of AWS, rotates each again
and again while an application signs in with it, and kills the rotation function in the middle of each rotation.

  --app, -a COMMAND|DIRECTORY  the app, as for the CDK: a command, or the directory that it was synthesised into
                               (default: what cdk.json says)
  --rotations, -r NUMBER       of each secret, after the first one: 1 to ${HIGHEST_ROTATIONS} (default: 3)
  --seed, -s NUMBER            at which calls functions are killed: 0 to ${HIGHEST_SEED} (default: a random one, which is shown)
  --cache DIRECTORY            where servers are installed (default: cdk-secretsmanager-patterns in the folder for caches)
  --help, -h

Exit code: 0 nothing locked out, 1 something did or a rotation did not finish, 2 nothing was drilled.`;

/** Reads a command line, without the program's own name. */
export function parseArguments(
  args: readonly string[], environment: Readonly<Record<string, string | undefined>>,
): DrillArguments {
  const { values, positionals } = parse(args);
  const [command, ...more] = positionals;
  if (!values.help && command !== COMMAND) {
    throw new UsageError(`the command is ${command === undefined ? 'missing' : JSON.stringify(command)}, allowed: ${COMMAND}`);
  }
  if (more.length > 0) {
    throw new UsageError(`${JSON.stringify(more[0])} is one argument too many: ${COMMAND} takes options alone`);
  }
  if (values.app === '') {
    throw new UsageError('--app is empty, allowed: a command, or the directory of a cloud assembly');
  }
  return {
    help: values.help === true,
    app: values.app,
    rotations: wholeNumber('rotations', values.rotations, 1, HIGHEST_ROTATIONS) ?? 3,
    seed: wholeNumber('seed', values.seed, 0, HIGHEST_SEED) ?? Math.floor(Math.random() * 1_000_000),
    cache: resolve(values.cache ?? join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk-secretsmanager-patterns')),
  };
}

interface Values {
  readonly app?: string;
  readonly rotations?: string;
  readonly seed?: string;
  readonly cache?: string;
  readonly help?: boolean;
}

function parse(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        app: { type: 'string', short: 'a' },
        rotations: { type: 'string', short: 'r' },
        seed: { type: 'string', short: 's' },
        cache: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split(/[.\n]/)[0]);
  }
}

function wholeNumber(name: string, text: string | undefined, lowest: number, highest: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < lowest || value > highest) {
    throw new UsageError(`--${name} is ${JSON.stringify(text)}, allowed: a whole number from ${lowest} to ${highest}`);
  }
  return value;
}
