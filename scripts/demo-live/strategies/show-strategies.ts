import { runStrategies, type StrategyOutcome } from './run-strategies';
import { followedWithin, STRATEGIES, strategiesTable } from './strategies-table';
import { STRATEGY_ENGINES } from './strategy-engine';
import { isInstalled } from '../../../test/servers/installation';
import type { Screen } from '../screen';

/** Seconds for which the caches keep a value: less than there is between two rotations, as on AWS. */
const KEEP_SECONDS = 10;

/** Runs every strategy with every way of reading, on the servers that are installed, and shows the table of failed logins. */
export async function showStrategies(screen: Screen): Promise<StrategyOutcome[]> {
  const [present, missing] = [true, false]
    .map((wanted) => STRATEGY_ENGINES.filter(({ engine }) => engine.servers.every(isInstalled) === wanted));
  screen.line(`
Each strategy × each way to read the secret: three rotations while two workers of each application sign in over and over.
${present.map(({ engine }) => engine.name).join(' and ')} here; caches keep a value for ${KEEP_SECONDS} seconds.`);
  if (missing.length > 0) {
    screen.line(`Not installed: ${missing.map(({ engine }) => engine.name).join(', ')}. `
      + 'node scripts/install-test-servers.mjs installs what there is for this machine.');
  }
  screen.line('');
  const outcomes = await Promise.all(present.map(async (engine) => runStrategies(engine, {
    keepMilliseconds: KEEP_SECONDS * 1000,
    rotated: (name, way, rotation) => screen.line(`  ${name}, ${STRATEGIES[way]}: rotation ${rotation} is followed`),
  })));
  const all = outcomes.flat();
  screen.line('');
  strategiesTable(all).forEach((line) => screen.line(line));
  const within = followedWithin(all, 'onRotated');
  screen.line(`
From the event to the new value with onRotated(): 95 of 100 within ${within === undefined ? '?' : (within / 1000).toFixed(1)} seconds, \
of which the queue waits for 20. Starting a task comes on top.`);
  return all;
}
