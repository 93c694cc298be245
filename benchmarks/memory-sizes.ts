import { CpuShare } from './cpu-share';
import { type Result, result } from './result';
import { postgresql } from './rotation-databases';
import { emulatorOf, secretOf } from './rotations';
import { takeTurns } from './timed-rotations';
import { Environment } from '../src/contract/environment';
import { FunctionInChild } from '../test/handlers/support/function-in-child';
import { rotationEnvironment } from '../test/handlers/support/rotation-environment';

/** MiB of a function. */
const SIZES = [128, 192, 256, 384, 512, 1024, 1769];
/** MiB for which Lambda gives one processor: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const ONE_PROCESSOR = 1769;
/** Milliseconds that a function may take here: with a small share, the first step does. */
const TIMEOUT = '120000';

/** Rotations of a single user of PostgreSQL with the share of a processor that Lambda gives to each size of memory. */
export async function measureMemorySizes(rounds: number): Promise<Result[]> {
  const database = await postgresql();
  const shares = SIZES.flatMap((size) => CpuShare.of(size / ONE_PROCESSOR, String(size)) ?? []);
  try {
    if (shares.length < SIZES.length) {
      console.error('Memory sizes are not measured: this user may create no control group that limits processor time.');
      return [];
    }
    const environment = {
      ...rotationEnvironment(database.bench.guard, { mode: 'prove', database: database.facts }),
      [Environment.ENDPOINT]: emulatorOf(database),
      TEST_FUNCTION_TIMEOUT: TIMEOUT,
    };
    const contenders = [];
    for (const [index, { launcher }] of shares.entries()) {
      const secretArn = await secretOf(database, `app_${SIZES[index]}`);
      contenders.push({ secretArn, start: () => new FunctionInChild(database.handler, environment, launcher) });
    }
    const costs = await takeTurns(database.bench, contenders, rounds);
    return costs.flatMap(({ cold, warm }, index) => {
      const name = `memory of ${SIZES[index]} MiB`;
      return [
        result(`${name}: cold, ms`, cold),
        result(`${name}: warm, ms`, warm),
        result(`${name}: cold, GB-seconds`, SIZES[index] / 1024 * cold / 1000),
        result(`${name}: warm, GB-seconds`, SIZES[index] / 1024 * warm / 1000),
      ];
    });
  } finally {
    await database.stop();
    shares.forEach((share) => share.remove());
  }
}
