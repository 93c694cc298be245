import type { EngineRotations } from './engine-rotations';
import type { EngineUnderTest } from './engine-under-test';

/** Rotations of users that have two passwords at once. */
export function twoPasswords({ onePassword }: EngineUnderTest, started: () => EngineRotations): void {
  if (onePassword !== undefined) {
    return;
  }
  test('three in a row with two passwords, and one that was given up between: the one that clients hold works', async () => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const rotating = await engine.bySuperuser(arn, app.username, 'dualPassword');
    for (let rotation = 0; rotation < 3; rotation++) {
      const turn = await engine.rotate(rotating, arn);
      const { before, after } = turn;
      engine.expectLogins(turn, { accepted: 3, refused: 0 });
      expect(await bench.worksFor(before)).toBe(true);
      await engine.expectShown(after.password, false);
      const givenUp = await rotations.begin(arn);
      await rotations.step(rotating, givenUp, 'createSecret');
      await rotations.step(rotating, givenUp, 'setSecret');
      await rotations.step(rotating, givenUp, 'setSecret');
      await rotations.abandon(givenUp);
      expect(await bench.worksFor(after)).toBe(true);
    }
    expect(await bench.worksFor(app)).toBe(false);
  });
}
