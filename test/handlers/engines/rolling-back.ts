import type { EngineRotations } from './engine-rotations';
import { type EngineUnderTest, WAYS } from './engine-under-test';

/** Rotations that bring the former value back, and the database with it. */
export function rollingBack(
  { onePassword, refusesFormer, keepsOwnFormer = false }: EngineUnderTest, started: () => EngineRotations,
): void {
  const strategies = [...WAYS, ...onePassword === undefined ? ['dualPassword'] as const : []] as const;

  test.each(strategies)('the former value is brought back, and works; then rotations go on: %s', async (strategy) => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const rotating = strategy === 'prove'
      ? await engine.proving()
      : await engine.bySuperuser(arn, app.username, strategy);
    // The first password was made by others, who keep other rules.
    await engine.rotate(rotating, arn);
    const { before, after } = await engine.rotate(rotating, arn);
    const rotation = await rotations.begin(arn);
    await rotations.askBack(rotation);
    const driven = rotations.drive(rotating, rotation);
    if (refusesFormer !== undefined && strategy !== 'alternating') {
      await expect(driven).rejects.toThrow(refusesFormer);
      await rotations.abandon(rotation);
      expect(await rotations.credentials(arn)).toEqual(after);
      expect(await bench.worksFor(after)).toBe(true);
    } else {
      await driven;
      expect(await rotations.credentials(arn)).toEqual(before);
      expect(await rotations.labels(arn)).toEqual({ AWSCURRENT: rotation.token, AWSPREVIOUS: expect.any(String) as string });
      const keeps = { prove: keepsOwnFormer, single: false, alternating: true, dualPassword: true }[strategy];
      expect([await bench.worksFor(before), await bench.worksFor(after)]).toEqual([true, keeps]);
    }
    expect(rotating.output()).not.toContain(before.password);
    await engine.rotate(rotating, arn);
  });
}
