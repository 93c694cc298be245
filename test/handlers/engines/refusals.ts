import type { EngineRotations } from './engine-rotations';
import type { EngineUnderTest } from './engine-under-test';

export function refusals({ reservedUsers, lacking, onePassword }: EngineUnderTest, started: () => EngineRotations): void {
  test.each([
    ['host', 'elsewhere.example'],
    ['port', 1],
    ['engine', 'another'],
  ])('another %s is refused before anybody connects', async (field, value) => {
    const engine = started();
    const app = engine.credentials();
    const arn = await engine.createSecret(app, { [field]: value });
    const { connections } = engine.passage;
    for (const rotating of [await engine.proving(), await engine.bySuperuser(arn, app.username, 'single')]) {
      expect(await engine.refusal(rotating, arn)).toMatchObject({
        errorClass: 'configuration',
        message: expect.stringContaining(`${field} differ`) as string,
      });
    }
    expect(engine.passage.connections).toBe(connections);
  });

  test.each(reservedUsers)('a reserved user is not rotated: %s', async (username) => {
    const engine = started();
    const arn = await engine.createSecret({ username, password: 'x' });
    const { connections } = engine.passage;
    expect(await engine.refusal(await engine.proving(), arn)).toMatchObject({
      errorClass: 'configuration',
      message: expect.stringMatching(/the user is (?:reserved|one of Windows).*: it is not rotated$/) as string,
    });
    expect(engine.passage.connections).toBe(connections);
  });

  test('neither is the superuser by itself', async () => {
    const engine = started();
    const { superuser } = engine.bench;
    const arn = await engine.createSecret(superuser);
    const refusal = await engine.refusal(await engine.bySuperuser(arn, superuser.username, 'single'), arn);
    expect(refusal).toMatchObject({
      errorClass: 'configuration',
      message: expect.stringContaining('the user is the superuser itself') as string,
    });
    expect(await engine.bench.worksFor(superuser)).toBe(true);
  });

  test('a superuser that may not change users is told what it needs', async () => {
    const engine = started();
    const [app, superuser] = [await engine.createUser(), await engine.createUser()];
    await engine.bench.createReader?.(superuser);
    const arn = await engine.createSecret(app);
    const rotating = await engine.bySuperuser(arn, app.username, 'single', { superuser, createWithRoles: [] });
    expect((await engine.refusal(rotating, arn)).message).toContain(lacking.says);
    expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: lacking.code });
    expect([superuser, app].filter(({ password }) => rotating.output().includes(password))).toEqual([]);
    expect(await engine.bench.worksFor(app)).toBe(true);
  });

  if (onePassword !== undefined) {
    test('two passwords at once are refused', async () => {
      const engine = started();
      const app = await engine.createUser();
      const arn = await engine.createSecret(app);
      expect(await engine.refusal(await engine.bySuperuser(arn, app.username, 'dualPassword'), arn)).toMatchObject({
        errorClass: 'configuration',
        message: expect.stringContaining(onePassword) as string,
      });
      expect(await engine.bench.worksFor(app)).toBe(true);
    });
  }
}
