import { constants } from 'node:os';
import { join } from 'node:path';
import { type DrillArguments, HELP, parseArguments, UsageError } from './arguments';
import type { drill as runDrill } from './drill';
import { type ServerKind, SERVERS } from './engine';
import { downloads, install } from './install';
import { type DrillPlan, planDrill } from './plan';
import { lockouts, namesNotDrilled, reportOf } from './report';
import { synthesise } from './synthesise';
import { isInstalled } from '../../test/servers/installation';
import { readCloudAssembly } from '../local-deployment/cloud-assembly';
import { somewhere } from '../local-deployment/somewhere';
import { TemporaryFolder } from '../local-deployment/temporary-folder';

/** Beside the bundle. */
const INSTALLER = join(__dirname, 'scripts', 'install-test-servers.mjs');
const say = (line: string): void => console.log(line);

export const ExitCode = { NOTHING_LOCKED_OUT: 0, LOCKED_OUT: 1, NOT_DRILLED: 2 } as const;

/** Installs what is named into a folder. */
export type Installer = (folder: string, kinds: readonly ServerKind[]) => void;

/** Loads what needs the clients of databases and of AWS, once they are installed. */
export type Loader = () => Promise<{ readonly drill: typeof runDrill }>;

/** Runs a command line, and gives the exit code. */
export async function main(
  args: readonly string[], installer: Installer = (cache, kinds) => install(INSTALLER, cache, kinds),
  load: Loader = async () => import('./drill.js'),
): Promise<number> {
  const folder = new TemporaryFolder('drill-');
  try {
    const options = parseArguments(args, process.env);
    if (options.help) {
      say(HELP);
      return ExitCode.NOTHING_LOCKED_OUT;
    }
    return await drillApp(options, join(folder.path, 'cdk.out'), installer, load);
  } catch (error) {
    const { message, stack } = error as Error;
    // What a server has written can be long.
    console.error(`drill: ${process.env.DEBUG === undefined ? message.split('\n')[0] : stack}`);
    return ExitCode.NOT_DRILLED;
  } finally {
    folder.remove();
  }
}

async function drillApp(options: DrillArguments, output: string, installer: Installer, load: Loader): Promise<number> {
  if (process.platform !== 'linux') {
    throw new UsageError(`this is ${process.platform}: the servers are built for Linux on x64 and arm64, run it in a container`);
  }
  const stacks = readCloudAssembly(synthesise(options.app, process.cwd(), output)).map(somewhere);
  const planned = planDrill(stacks);
  if (planned.drilled.length === 0) {
    namesNotDrilled(planned.notDrilled).forEach(say);
    throw new UsageError('the app has no rotated secret that can be drilled');
  }
  const plan = withServers(planned, options.cache, installer);
  if (plan.drilled.length === 0) {
    namesNotDrilled(plan.notDrilled).forEach(say);
    throw new Error('no server could be installed for any of its secrets');
  }
  const { rotations, seed } = options;
  say(`Drilling ${plan.drilled.length} secrets, ${rotations} rotations each after the first. Kills: --seed ${seed}`);
  const { drill } = await load();
  const outcomes = await drill({ stacks, plan, rotations, seed, say });
  say(reportOf(outcomes, plan.notDrilled, seed));
  return outcomes.some((outcome) => lockouts(outcome).length > 0) ? ExitCode.LOCKED_OUT : ExitCode.NOTHING_LOCKED_OUT;
}

/** Installs what the plan needs; what cannot be had is not drilled. */
function withServers(plan: DrillPlan, cache: string, installer: Installer): DrillPlan {
  const kinds = [...new Set(plan.drilled.map(({ server }) => server))];
  say(`Servers are in ${cache}. What is not there yet is downloaded:\n${downloads(kinds).map((what) => `  ${what}`).join('\n')}`);
  installer(cache, kinds);
  process.env.TEST_SERVERS_FOLDER = cache;
  // The SDK's word on versions of Node.js is for its own users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const missing = (['secrets-manager', 'lambda-runtime'] as const).filter((server) => !isInstalled(server));
  if (missing.length > 0) {
    throw new Error(`there is no ${missing.join(' and no ')} for ${process.platform} on ${process.arch}`);
  }
  const isThere = ({ server }: DrillPlan['drilled'][number]): boolean => isInstalled(SERVERS[server].installed);
  return {
    drilled: plan.drilled.filter(isThere),
    notDrilled: [
      ...plan.notDrilled,
      ...plan.drilled.filter((secret) => !isThere(secret))
        .map(({ name, server }) => ({ name, reason: `${SERVERS[server].title} could not be installed` })),
    ],
    includes: (stack, logicalId) => plan.includes(stack, logicalId),
  };
}

/** Servers end with the process by themselves; folders are removed when it exits, which a signal alone would pass over. */
export function exitOnSignals(): void {
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

if (require.main === module) {
  exitOnSignals();
  main(process.argv.slice(2)).then((code) => process.exitCode = code, (error: unknown) => {
    throw error;
  });
}
