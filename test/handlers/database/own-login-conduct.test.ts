import { type BenchRotation, type StepName, STEPS } from '../support/bench';
import { MemoryBench } from '../support/memory-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const APP = { username: 'app', password: 'the first password' };
/** What a deployment makes anew: nothing of where the database is. */
const ANEW = { username: APP.username, password: 'made anew' };

let bench: MemoryBench;
let arn: string;
let rotating: FunctionInProcess;

async function begun(...steps: StepName[]): Promise<BenchRotation> {
  const rotation = await bench.begin(arn);
  for (const step of steps) {
    await bench.step(rotating, rotation, step);
  }
  return rotation;
}

beforeEach(async () => {
  bench = new MemoryBench();
  await bench.createUser(APP);
  arn = await bench.createSecret(bench.content(APP));
  rotating = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts });
});

test('a step says whether it was done now or before', async () => {
  const rotation = await bench.begin(arn);
  for (const step of STEPS.slice(0, 2)) {
    await bench.step(rotating, rotation, step);
    expect(rotating.lastLine).toMatchObject({ step, outcome: 'done' });
    await bench.step(rotating, rotation, step);
    expect(rotating.lastLine).toMatchObject({ step, outcome: 'already done' });
  }
});

test('a password that is in force is found without a look at other versions: the server tells whose it is', async () => {
  const rotation = await begun('createSecret', 'setSecret');
  bench.reset();
  await bench.step(rotating, rotation, 'setSecret');
  expect(bench.count('ListSecretVersionIds')).toBe(0);
});

test('a schedule is tried out with a value that was made anew as well', async () => {
  await bench.replace(arn, { ...ANEW, password: APP.password });
  const rotation = await bench.begin(arn);
  await bench.put(arn, await bench.value(arn), ['AWSPENDING'], rotation.token);
  await bench.step(rotating, rotation, 'testSecret');
  expect((await bench.labels(arn)).AWSPENDING).toBe(rotation.token);
});

test('what says where the database is comes from before the rotation, however much newer the pending version is', async () => {
  for (const password of ['made anew', 'made anew again']) {
    bench.pass(1_000);
    await bench.replace(arn, { ...ANEW, password });
  }
  bench.pass(1_000);
  await begun(...STEPS);
  expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
});

test('a version that is not there is not read', async () => {
  arn = await bench.createSecret(ANEW);
  const rotation = await bench.begin(arn);
  bench.reset();
  await expect(bench.step(rotating, rotation, 'createSecret')).rejects.toThrow('does not name engine and host');
  expect(bench.actions()).toEqual(['DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds']);
});
