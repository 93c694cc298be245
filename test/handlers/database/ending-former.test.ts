import type { UserBinding } from '../../../src/contract/database-facts';
import { type StepName, STEPS } from '../support/bench';
import { beginsMeanwhile } from '../support/meanwhile';
import { MemoryBench } from '../support/memory-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const HOUR = 3_600_000;
const APP = { username: 'app', password: 'the first password' };
const BOTH = ['alternating', 'dualPassword'] as const;

let bench: MemoryBench;
let arn: string;
let superuserSecret: string;

function rotatingWith(
  strategy: UserBinding['strategy'], asked: Pick<UserBinding, 'formerWorksForHours'> = { formerWorksForHours: 1 },
): FunctionInProcess {
  return bench.inProcess('rotate-postgresql', {
    mode: 'superuser',
    database: bench.facts,
    superuserSecret,
    bindings: [{ secret: arn, username: APP.username, strategy, ...asked }],
  });
}

async function audit(auditing: FunctionInProcess): Promise<string> {
  return auditing.invoke({ audit: [{ secret: arn, rotatesWithinHours: 10_000 }] })
    .then(() => 'fine', ({ message }: Error) => message);
}

async function works(label: string): Promise<boolean> {
  return bench.worksFor(await bench.credentials(arn, label));
}

beforeEach(async () => {
  bench = new MemoryBench();
  await bench.createUser(APP);
  arn = await bench.createSecret(bench.content(APP));
  superuserSecret = await bench.createSuperuserSecret();
});

test.each(BOTH)('nothing is ended where the deployment does not ask for it: %s', async (strategy) => {
  const rotating = rotatingWith(strategy, {});
  await bench.rotate(rotating, arn);
  bench.pass(1_000 * HOUR);
  bench.reset();
  expect(await audit(rotating)).toBe('fine');
  expect(bench.actions()).toEqual(['DescribeSecret']);
  expect([await works('AWSPREVIOUS'), await works('AWSCURRENT')]).toEqual([true, true]);
});

test('of a function without bindings nothing is ended', async () => {
  const proving = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts });
  await bench.rotate(proving, arn);
  bench.pass(1_000 * HOUR);
  expect(await audit(proving)).toBe('fine');
});

test.each(BOTH)('nothing is ended where AWSCURRENT does not sign in: %s', async (strategy) => {
  const rotating = rotatingWith(strategy);
  await bench.rotate(rotating, arn);
  const { username } = await bench.credentials(arn);
  bench.database.users.set(username, { passwords: ['set by hand', APP.password] });
  bench.pass(HOUR);
  expect(await audit(rotating))
    .toContain('the former credential could not be ended: authentication: AWSCURRENT does not sign in');
  expect(await works('AWSPREVIOUS')).toBe(true);
});

test.each(BOTH)('nothing is ended while nobody knows the password of AWSCURRENT: %s', async (strategy) => {
  const rotating = rotatingWith(strategy);
  await bench.rotate(rotating, arn);
  await bench.replace(arn, { ...bench.content(APP), password: undefined });
  bench.pass(HOUR);
  const before = await bench.verifierOf(APP.username);
  expect(await audit(rotating)).toContain('AWSCURRENT does not sign in');
  expect(await bench.verifierOf(APP.username)).toBe(before);
});

test('of two passwords none but that of AWSCURRENT is left', async () => {
  const rotating = rotatingWith('dualPassword');
  await bench.rotate(rotating, arn);
  expect(bench.database.users.get(APP.username)!.passwords).toHaveLength(2);
  bench.pass(HOUR);
  expect(await audit(rotating)).toBe('fine');
  expect(bench.database.users.get(APP.username)!.passwords).toEqual([(await bench.credentials(arn)).password]);
});

test('a former version of the same user leaves the idle one alone: somebody has put a value by hand', async () => {
  const rotating = rotatingWith('alternating');
  await bench.rotate(rotating, arn);
  const before = bench.database.users.get(APP.username);
  await bench.replace(arn, await bench.credentials(arn));
  bench.pass(HOUR);
  const logins = bench.logins();
  expect(await audit(rotating)).toBe('fine');
  expect(bench.logins()).toBe(logins);
  expect(bench.database.users.get(APP.username)).toEqual(before);
});

test('labels that were moved back by hand: the newer credential is the former one', async () => {
  const rotating = rotatingWith('dualPassword');
  await bench.rotate(rotating, arn);
  const { AWSPREVIOUS: token } = await bench.labels(arn);
  await bench.promote({ arn, token });
  bench.pass(HOUR);
  expect(await audit(rotating)).toBe('fine');
  expect([await works('AWSPREVIOUS'), await works('AWSCURRENT')]).toEqual([false, true]);
});

test.each(BOTH)('a credential that was ended and is made current by hand is reported, and a rotation heals it: '
  + '%s', async (strategy) => {
  const rotating = rotatingWith(strategy);
  await bench.rotate(rotating, arn);
  bench.pass(HOUR);
  await audit(rotating);
  const { AWSPREVIOUS: token } = await bench.labels(arn);
  await bench.promote({ arn, token });
  bench.pass(HOUR);
  expect(await audit(rotating)).toContain('AWSCURRENT has a credential that was ended');
  expect(await works('AWSPREVIOUS')).toBe(true);
  await bench.rotate(rotating, arn);
  expect(await works('AWSCURRENT')).toBe(true);
});

test('where alternating users became one with two passwords, the idle user is the former one, and then the other', async () => {
  await bench.rotate(rotatingWith('alternating'), arn);
  const first = await bench.credentials(arn);
  for (const _ of ['the base is idle', 'its clone is idle']) {
    const rotating = rotatingWith('dualPassword');
    bench.pass(HOUR);
    expect(await audit(rotating)).toBe('fine');
    expect([await works('AWSPREVIOUS'), await works('AWSCURRENT')]).toEqual([false, true]);
    await bench.rotate(rotating, arn);
  }
  expect(await bench.worksFor(first)).toBe(false);
});

test('a former version of a user that is not bound is left alone', async () => {
  await bench.rotate(rotatingWith('alternating'), arn);
  const current = await bench.credentials(arn);
  await bench.createUser({ username: 'other', password: 'x' });
  await bench.replace(arn, bench.content({ username: 'other', password: 'x' }));
  await bench.replace(arn, current);
  bench.pass(HOUR);
  expect(await audit(rotatingWith('alternating'))).toBe('fine');
  expect(await works('AWSPREVIOUS')).toBe(true);
});

test.each(['binary', 'no JSON'])('a former version that is %s is reported', async (what) => {
  await bench.rotate(rotatingWith('alternating'), arn);
  const current = await bench.credentials(arn);
  await bench.replace(arn, what === 'binary' ? Buffer.from('x') : 'x');
  await bench.replace(arn, current);
  bench.pass(HOUR);
  expect(await audit(rotatingWith('alternating')))
    .toContain('the former credential could not be ended: configuration: AWSPREVIOUS');
});

/** How far a rotation gets while the former credential is being ended. */
const REACHES: [string, readonly StepName[]][] = [
  ['has only begun', []],
  ['has a value', STEPS.slice(0, 1)],
  ['has set its password', STEPS.slice(0, 2)],
  ['has tested its password', STEPS.slice(0, 3)],
  ['has finished', STEPS],
];

describe.each(BOTH)('a rotation that begins while the former credential is being ended: %s', (strategy) => {
  test.each(REACHES.flatMap(([reach, steps]) => (['before', 'after'] as const).map((when) => ({ reach, steps, when }))))(
    'it $reach $when the last look at the secret, and its credential works', async ({ steps, when }) => {
      await bench.rotate(rotatingWith(strategy), arn);
      bench.pass(HOUR);
      const rotating = rotatingWith(strategy);
      const begun = beginsMeanwhile(bench, arn, { rotating, steps, when });
      expect(await audit(rotatingWith(strategy))).toBe('fine');
      const rotation = begun();
      expect(rotation).toBeDefined();
      expect(await works('AWSCURRENT')).toBe(true);
      for (const step of STEPS.slice(steps.length)) {
        await bench.step(rotating, rotation!, step);
      }
      expect([(await bench.labels(arn)).AWSCURRENT, await works('AWSCURRENT')]).toEqual([rotation!.token, true]);
    },
  );

  test('and has set its password by then: nothing is set', async () => {
    const rotating = rotatingWith(strategy);
    await bench.rotate(rotating, arn);
    bench.pass(HOUR);
    let after = '';
    bench.fault({
      action: 'DescribeSecret',
      nth: 1,
      when: 'after',
      effect: {
        kind: 'meanwhile',
        callback: async () => {
          const rotation = await bench.begin(arn);
          for (const step of STEPS.slice(0, 2)) {
            await bench.step(rotatingWith(strategy), rotation, step);
          }
          after = await bench.verifierOf(APP.username);
        },
      },
    });
    expect(await audit(rotating)).toBe('fine');
    expect(await bench.verifierOf(APP.username)).toBe(after);
  });

  test('and into which somebody has put the credential of another user: that user is left alone', async () => {
    await bench.rotate(rotatingWith(strategy), arn);
    await bench.createUser({ username: 'other', password: 'theirs' });
    bench.pass(HOUR);
    bench.fault({
      action: 'DescribeSecret',
      nth: 2,
      when: 'after',
      effect: {
        kind: 'meanwhile',
        callback: async () => {
          const { token } = await bench.begin(arn);
          await bench.put(arn, bench.content({ username: 'other', password: 'chosen by somebody' }), ['AWSPENDING'], token);
        },
      },
    });
    expect(await audit(rotatingWith(strategy))).toBe('fine');
    expect(await bench.worksFor({ username: 'other', password: 'theirs' })).toBe(true);
    expect(await bench.worksFor({ username: 'other', password: 'chosen by somebody' })).toBe(false);
    expect(await works('AWSCURRENT')).toBe(true);
  });
});
