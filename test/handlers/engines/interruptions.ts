import type { EngineRotations } from './engine-rotations';
import { WAYS } from './engine-under-test';
import { STEPS } from '../support/rotation-bench';

/**
 * How many answers one run may have and another not: the end of a TLS handshake, what a server sends after it, and a farewell
 * travel alone, or with what follows.
 */
const JITTER = 3;

async function failureOf(step: Promise<void>): Promise<unknown> {
  return step.then(() => undefined, (error: unknown) => error);
}

export function interruptions(started: () => EngineRotations): void {
  test.each(WAYS)('each step twice, by processes that know nothing of each other: %s', async (way) => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const rotation = await rotations.begin(arn);
    for (const step of STEPS) {
      for (let repeated = 0; repeated < 2; repeated++) {
        await rotations.step(await engine.functionFor(way, arn, app.username), rotation, step);
      }
    }
    expect(await rotations.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
    expect(await bench.worksFor(await rotations.credentials(arn))).toBe(true);
  });

  /** How many answers a function gets until it has signed in and knows as whom. */
  let counted: number | undefined;
  const answersOfLogin = async (): Promise<number> => counted ??= await countLogin();
  const countLogin = async (): Promise<number> => {
    const engine = started();
    const rotation = await engine.rotations.begin(await engine.createSecret(await engine.createUser()));
    const rotating = await engine.proving();
    await engine.rotations.step(rotating, rotation, 'createSecret');
    await engine.rotations.step(rotating, rotation, 'setSecret');
    const before = engine.passage.answers;
    await engine.rotations.step(rotating, rotation, 'testSecret');
    return engine.passage.answers - before;
  };

  test.each(WAYS)('the connection is cut at each answer in turn, and another process finishes: %s', async (way) => {
    const engine = started();
    const { bench, passage, rotations } = engine;
    let [cuts, changedUnheard] = [0, 0];
    // All ways sign in alike: that is cut in one of them.
    const login = await answersOfLogin();
    const first = way === 'prove' ? 1 : Math.max(1, login - JITTER);
    for (let nth = first, isCut = true; isCut; nth++) {
      const app = await engine.createUser();
      const arn = await engine.createSecret(app);
      const rotating = async (): ReturnType<typeof engine.functionFor> => engine.functionFor(way, arn, app.username);
      const rotation = await rotations.begin(arn);
      await rotations.step(await rotating(), rotation, 'createSecret');
      const pending = await rotations.credentials(arn, 'AWSPENDING');
      passage.cutAt(nth);
      const failure = await failureOf(rotations.step(await rotating(), rotation, 'setSecret'));
      isCut = passage.heal();
      cuts += Number(isCut);
      if (failure !== undefined) {
        // Where it is the login, the same process tries again; nobody waits for the answer to a farewell.
        expect({ isCut, failure }).toMatchObject({ isCut: true, failure: { errorClass: 'network' } });
        changedUnheard += Number(await bench.worksFor(pending));
      }
      for (const step of STEPS.slice(1)) {
        await rotations.step(await rotating(), rotation, step);
      }
      expect(await rotations.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
      expect(await bench.worksFor(await rotations.credentials(arn))).toBe(true);
    }
    // At the rest of the login, at least, and at the change.
    expect(cuts).toBeGreaterThanOrEqual(login + 1 - first + 1 - JITTER);
    expect(changedUnheard).toBeGreaterThan(0);
  });

  test('the connection is cut at each answer to the test of a new password in turn, and another process tests it', async () => {
    const engine = started();
    const { bench, passage, rotations } = engine;
    const arn = await engine.createSecret(await engine.createUser());
    const rotation = await rotations.begin(arn);
    await rotations.step(await engine.proving(), rotation, 'createSecret');
    await rotations.step(await engine.proving(), rotation, 'setSecret');
    let cuts = 0;
    for (let nth = 1, isCut = true; isCut; nth++) {
      passage.cutAt(nth);
      const failure = await failureOf(rotations.step(await engine.proving(), rotation, 'testSecret'));
      isCut = passage.heal();
      cuts += Number(isCut);
      if (failure !== undefined) {
        expect({ isCut, failure }).toMatchObject({ isCut: true, failure: { errorClass: 'network' } });
      }
    }
    expect(cuts).toBeGreaterThanOrEqual(await answersOfLogin() - JITTER);
    await rotations.step(await engine.proving(), rotation, 'testSecret');
    await rotations.step(await engine.proving(), rotation, 'finishSecret');
    expect(await bench.worksFor(await rotations.credentials(arn))).toBe(true);
  });

  test('a rotation that was given up after the password was changed heals: the working version has no label', async () => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const givenUp = await rotations.begin(arn);
    for (const step of ['createSecret', 'setSecret'] as const) {
      await rotations.step(await engine.proving(), givenUp, step);
    }
    await rotations.abandon(givenUp);
    expect(await bench.worksFor(app)).toBe(engine.engine.keepsOwnFormer ?? false);
    const { logins } = await engine.rotate(await engine.proving(), arn);
    if (bench.logins) {
      expect(logins?.accepted).toBe(2);
      expect(logins?.refused).toBeLessThanOrEqual(2);
    }
  });
}
