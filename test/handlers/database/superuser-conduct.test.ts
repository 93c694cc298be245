import { type ErrorClass, RotationError } from '../../../handlers/core/rotation-error';
import type { UserBinding } from '../../../src/contract/database-facts';
import { type BenchRotation, type StepName, STEPS } from '../support/bench';
import { MemoryBench } from '../support/memory-bench';
import type { FunctionInProcess } from '../support/rotation-function';

type Strategy = UserBinding['strategy'];

const APP = { username: 'app', password: 'the first password' };

let bench: MemoryBench;
let arn: string;
let superuserSecret: string;

function rotatingWith(strategy: Strategy, binding: Partial<UserBinding> = {}): FunctionInProcess {
  return bench.inProcess('rotate-postgresql', {
    mode: 'superuser',
    database: bench.facts,
    superuserSecret,
    bindings: [{ secret: arn, username: APP.username, strategy, ...binding }],
  });
}

/** A rotation that has come as far as these steps. */
async function begun(rotating: FunctionInProcess, ...steps: StepName[]): Promise<BenchRotation> {
  const rotation = await bench.begin(arn);
  for (const step of steps) {
    await bench.step(rotating, rotation, step);
  }
  return rotation;
}

/** Keeps a user out that has the password of a pending version. */
async function keepOut({ token }: BenchRotation, error: RotationError): Promise<void> {
  const { password } = JSON.parse(await bench.value(arn, '', token)) as { password: string };
  bench.database.obstacle = (credentials) => credentials.password === password ? error : undefined;
}

beforeEach(async () => {
  bench = new MemoryBench();
  await bench.createUser(APP);
  arn = await bench.createSecret(bench.content(APP));
  superuserSecret = await bench.createSuperuserSecret();
});

test.each<Strategy>(['single', 'alternating', 'dualPassword'])('every step says that it was done: %s', async (strategy) => {
  const rotating = rotatingWith(strategy);
  await bench.rotate(rotating, arn);
  expect(rotating.lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)).toEqual(STEPS.map(() => 'done'));
});

test('two passwords want a server that has them, before anybody signs in', async () => {
  bench.database.twoPasswords = false;
  await expect(bench.rotate(rotatingWith('dualPassword'), arn)).rejects.toThrow('have one password: choose another strategy');
  expect(bench.connections()).toBe(0);
  await bench.abandon(await bench.pendingOf(arn).then(({ token }) => ({ arn, token })));
  for (const strategy of ['single', 'alternating'] as const) {
    await bench.rotate(rotatingWith(strategy), arn);
  }
  expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
});

test('a name is checked with what is added to it for the other of two users, and only where there are two', async () => {
  const username = 'x'.repeat(60);
  await bench.createUser({ username, password: 'x' });
  arn = await bench.createSecret(bench.content({ username, password: 'x' }));
  await expect(bench.rotate(rotatingWith('alternating', { username }), arn)).rejects.toThrow('longer than the server keeps');
  await bench.rotate(rotatingWith('single', { username }), arn);
  expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
});

test('what AWSCURRENT says of another database is said of AWSCURRENT', async () => {
  await bench.replace(arn, bench.content(APP, { host: 'elsewhere.example', port: 1 }));
  await expect(bench.rotate(rotatingWith('single'), arn)).rejects.toMatchObject({
    errorClass: 'configuration',
    message: expect.stringContaining('AWSCURRENT is for another database than this function: host, port differ; if'),
  });
});

test.each([
  ['host, port differ', { host: 'elsewhere.example', port: 1 }],
  ['is not a JSON object with a user name and a password that can be set', { password: 7 }],
])('what a pending version says wrongly is said of it: it %s', async (wrong, change) => {
  const rotation = await bench.begin(arn);
  await bench.put(arn, bench.content(APP, change), ['AWSPENDING'], rotation.token);
  await expect(bench.step(rotatingWith('single'), rotation, 'setSecret'))
    .rejects.toMatchObject({ errorClass: 'stale', message: expect.stringContaining(wrong) });
});

test('a secret that is not bound is a fault of the deployment', async () => {
  const other = await bench.createSecret(bench.content(APP), 'other');
  await expect(bench.rotate(rotatingWith('single'), other))
    .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('not bound') });
});

test('the secret of the superuser itself is a fault of the deployment', async () => {
  await expect(bench.rotate(rotatingWith('single', { secret: superuserSecret }), superuserSecret))
    .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining("superuser's own secret") });
});

test.each([
  ['has a binary value', Buffer.from('x'), 'has no AWSCURRENT value, or it is binary'],
  ['is no JSON', 'x', "the superuser's secret is not a JSON object"],
])('a secret of the superuser that %s', async (_, value, message) => {
  await bench.replace(superuserSecret, value);
  await expect(bench.rotate(rotatingWith('single'), arn))
    .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(message) });
});

test('the other of two users has to act as the first one', async () => {
  const rotating = rotatingWith('alternating');
  const rotation = await begun(rotating, 'createSecret', 'setSecret');
  const clone = bench.database.users.get('app_clone')!;
  bench.database.users.set('app_clone', { ...clone, actsAs: 'somebody' });
  for (const step of ['testSecret', 'finishSecret'] as const) {
    await expect(bench.step(rotating, rotation, step)).rejects.toThrow('the alternate user does not act as its base');
  }
  bench.database.users.set('app_clone', clone);
  await bench.step(rotating, rotation, 'testSecret');
});

test('whom a single user acts as is the business of its database', async () => {
  bench.database.users.set(APP.username, { passwords: [APP.password], actsAs: 'owner' });
  await bench.rotate(rotatingWith('single'), arn);
  expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
});

describe('a password that was set and does not sign in', () => {
  test.each<[ErrorClass, boolean]>([
    ['network', false], ['timeout', false], ['tls', false], ['protocol', false], ['throttling', false], ['unavailable', false],
    ['configuration', true], ['conflict', true], ['permission', true],
  ])('because of %s: AWSCURRENT is put back: %s', async (errorClass, isPutBack) => {
    const rotating = rotatingWith('single');
    const rotation = await begun(rotating, 'createSecret', 'setSecret');
    await keepOut(rotation, new RotationError(errorClass, 'it does not sign in'));
    await expect(bench.step(rotating, rotation, 'testSecret')).rejects.toMatchObject({ errorClass });
    expect(await bench.worksFor(APP)).toBe(isPutBack);
  });

  test('AWSCURRENT is not set where it works all the same', async () => {
    const rotating = rotatingWith('single');
    const rotation = await begun(rotating, 'createSecret', 'setSecret');
    const user = bench.database.users.get(APP.username)!;
    bench.database.users.set(APP.username, { ...user, passwords: [...user.passwords, APP.password] });
    const before = await bench.verifierOf(APP.username);
    await keepOut(rotation, new RotationError('configuration', 'it does not sign in'));
    await expect(bench.step(rotating, rotation, 'testSecret'))
      .rejects.toThrow('it does not sign in; the user has the password of AWSCURRENT, which clients hold');
    expect(await bench.verifierOf(APP.username)).toBe(before);
  });
});
