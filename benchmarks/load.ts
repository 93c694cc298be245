import { median, type Result, result } from './result';
import { FunctionInChild } from '../test/handlers/support/function-in-child';
import { type Credentials, RotationBench } from '../test/handlers/support/rotation-bench';
import { rotationEnvironment } from '../test/handlers/support/rotation-environment';

const PROCESSES = 20;
const ROTATIONS_OF_EACH = 10;
const THROTTLED_EVERY = 10;
/** More than there are. */
const CALLS = 10_000;
/** What the constructs give a function, in milliseconds. */
const TIMEOUT = '120000';

interface Subject {
  readonly arn: string;
  readonly isAlternating: boolean;
  readonly before: Credentials;
}

interface Ended {
  readonly milliseconds: number;
  readonly failure?: string;
}

/**
 * Rotations by many processes at once against one PostgreSQL server, half of them by a superuser for two users in turn, while
 * Secrets Manager throttles.
 */
export async function measureLoad(): Promise<Result[]> {
  const bench = await RotationBench.start({ version: 15, settings: { log_connections: 'on', log_disconnections: 'on' } });
  const functions: FunctionInChild[] = [];
  try {
    // All rotations name it, and it can be created once.
    await bench.secrets.createFunction('rotation');
    const lanes = await Promise.all(
      Array.from({ length: PROCESSES }, async (_, lane) => subjectsOf(bench, lane)),
    );
    const environment = { database: bench.facts, variables: { TEST_FUNCTION_TIMEOUT: TIMEOUT } };
    const proving = rotationEnvironment(bench.guard, { ...environment, mode: 'prove' });
    const bySuperuser = rotationEnvironment(bench.guard, {
      ...environment,
      mode: 'superuser',
      superuserSecret: await bench.createSuperuserSecret(),
      bindings: lanes.flat().filter(({ isAlternating }) => isAlternating)
        .map(({ arn, before }) => ({ secret: arn, username: before.username, strategy: 'alternating' })),
    });
    functions.push(...lanes.map((_, lane) =>
      new FunctionInChild('rotate-postgresql', alternates(lane) ? bySuperuser : proving)));
    for (let nth = THROTTLED_EVERY; nth <= CALLS; nth += THROTTLED_EVERY) {
      bench.guard.fault({ nth, effect: { kind: 'error', name: 'ThrottlingException' } });
    }
    const startedAt = performance.now();
    const ended = (await Promise.all(lanes.map(async (subjects, lane) => rotateAll(bench, functions[lane], subjects)))).flat();
    const seconds = (performance.now() - startedAt) / 1000;
    const connections = mostAtOnce(bench.database.log());
    const throttled = bench.guard.calls.filter(({ outcome }) => outcome === 'ThrottlingException').length;
    const calls = bench.guard.count();
    bench.guard.reset();
    const failures = ended.flatMap(({ failure }) => failure ?? []);
    failures.forEach((failure) => console.error(failure));
    return [
      result(`load: rotations that failed, of ${ended.length}`, failures.length, 0),
      result('load: passwords of clients that do not work', await lockedOut(bench, lanes.flat()), 0),
      result('load: connections to the database at once', connections, PROCESSES),
      result('load: share of calls that were throttled', throttled / calls),
      result('load: all rotations, s', seconds),
      result('load: one rotation, median, ms', median(ended.map(({ milliseconds }) => milliseconds))),
      result('load: one rotation, slowest, ms', Math.max(...ended.map(({ milliseconds }) => milliseconds))),
    ];
  } finally {
    await Promise.all(functions.map(async (running) => running.stop()));
    await bench.stop();
  }
}

/** Every other process has a superuser. */
function alternates(lane: number): boolean {
  return lane % 2 === 1;
}

async function subjectsOf(bench: RotationBench, lane: number): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (let index = 0; index < ROTATIONS_OF_EACH; index++) {
    const before = { username: `app_${lane}_${index}`, password: 'the first password' };
    await bench.createUser(before);
    subjects.push({ arn: await bench.createSecret(bench.content(before)), isAlternating: alternates(lane), before });
  }
  return subjects;
}

async function rotateAll(bench: RotationBench, running: FunctionInChild, subjects: readonly Subject[]): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const { arn } of subjects) {
    const rotation = await bench.begin(arn);
    const startedAt = performance.now();
    const failure = await bench.drive(running, rotation).then(() => undefined, ({ message }: Error) => message);
    ended.push({ milliseconds: performance.now() - startedAt, failure });
  }
  return ended;
}

/** Clients that have read AWSCURRENT, and with alternating users those that hold what it was before. */
async function lockedOut(bench: RotationBench, subjects: readonly Subject[]): Promise<number> {
  let count = 0;
  for (const { arn, isAlternating, before } of subjects) {
    for (const held of [await bench.credentials(arn), ...isAlternating ? [before] : []]) {
      count += await bench.worksFor(held) ? 0 : 1;
    }
  }
  return count;
}

/** The most connections that the server had at the same time, by its log. */
function mostAtOnce(log: string): number {
  let [open, most] = [0, 0];
  for (const [, what] of log.matchAll(/(connection received|disconnection): .*host=127\.0\.0\.1/g)) {
    open += what === 'disconnection' ? -1 : 1;
    most = Math.max(most, open);
  }
  return most;
}
