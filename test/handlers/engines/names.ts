import type { EngineRotations } from './engine-rotations';
import { type EngineUnderTest, WAYS } from './engine-under-test';

export function names(engine: EngineUnderTest, started: () => EngineRotations): void {
  const rotateTwice = async (way: (typeof WAYS)[number], username: string): Promise<void> => {
    const rotations = started();
    const app = await rotations.createUser(username);
    const arn = await rotations.createSecret(app);
    const rotating = await rotations.functionFor(way, arn, app.username, { password: engine.worstPassword });
    for (let rotation = 0; rotation < 2; rotation++) {
      expect((await rotations.rotate(rotating, arn)).calls).toHaveLength(way === 'prove' ? 8 : 9);
    }
  };

  test.each(WAYS)('a hostile name, and passwords with every character: %s', async (way) =>
    rotateTwice(way, engine.hostileName(way)),
  );

  test.each(WAYS)('the longest name: %s', async (way) =>
    rotateTwice(way, way[0].repeat(engine.longestName - (way === 'alternating' ? '_clone'.length : 0))),
  );

  test('a name that is longer is refused, that of an alternate user too', async () => {
    const rotations = started();
    const { characters, says } = engine.tooLong;
    for (const [strategy, length] of [
      ['single', characters],
      ['alternating', characters - '_clone'.length],
    ] as const) {
      const { username, password } = rotations.credentials('z'.repeat(length));
      const arn = await rotations.createSecret({ username, password });
      const refusal = await rotations.refusal(await rotations.bySuperuser(arn, username, strategy, { createWithRoles: [] }), arn);
      expect(refusal).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(says) as string });
      expect(await rotations.bench.exists(username)).toBe(false);
    }
  });
}
