import { Attacker } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import { attackScene } from './support/describe-attack';
import { STEPS } from '../handlers/support/rotation-bench';

const KINDS = ['prove', 'single', 'alternating'] as const;
const UNKNOWN = '00000000-0000-0000-0000-000000000000';

/** Who may invoke the functions and see which versions there are, and nothing else. */
attackScene('a function that is invoked directly', ({ app, billing, superuserSecret }) => [
  Attacker.may(['DescribeSecret'], app.arn, billing.arn, superuserSecret),
], (scene) => {
  beforeEach(async () => scene.schedule(scene.app.arn, scene.billing.arn));

  test.each(KINDS)('for tokens of versions that are not pending: %s', async (kind) => {
    const { arn } = scene.app;
    await scene.bench.replace(arn, scene.bench.content(scene.app, { again: true }));
    const { AWSCURRENT, AWSPREVIOUS } = await scene.attacker.labels(arn);
    const rotating = scene.functionOf(kind);
    const { errors, ...damage } = await scene.damageOf(rotating, async () => [
      ...await scene.invoke(rotating, { arn, token: AWSCURRENT }),
      ...await scene.invoke(rotating, { arn, token: AWSPREVIOUS }),
      ...await scene.invoke(rotating, { arn, token: UNKNOWN }),
    ]);
    expect(damage).toEqual(NO_DAMAGE);
    expect(errors.map(({ message }) => message)).toEqual([
      ...STEPS.map(() => expect.stringContaining('the rotation was cancelled') as string),
      ...STEPS.map(() => expect.stringContaining('no version with the token') as string),
    ]);
  });

  test.each(KINDS)('out of turn, while a rotation is in progress, which then ends as it should: %s', async (kind) => {
    const rotating = scene.functionOf(kind);
    const rotation = await scene.bench.begin(scene.app.arn);
    const { errors, connections: _, logins: __, ...damage } = await scene.damageOf(rotating, async () => [
      ...await scene.invoke(rotating, rotation, ['finishSecret', 'setSecret']),
      ...await scene.invoke(rotating, { ...rotation, arn: scene.billing.arn }),
      ...await scene.invoke(rotating, rotation, ['createSecret', 'finishSecret', 'testSecret']),
    ]);
    expect(damage).toEqual({ changed: [], shown: [] });
    expect(errors.map(({ message }) => message.split(':')[0]))
      .toEqual([...Array(6).fill('conflict') as string[], 'authentication', 'authentication']);
    expect(await scene.rotate(rotating, rotation)).toEqual([]);
    expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
    expect((await scene.bench.labels(scene.app.arn)).AWSCURRENT).toBe(rotation.token);
  });

  test.each(['prove', 'single'] as const)("for the superuser's secret: %s", async (kind) => {
    const { AWSCURRENT: token } = await scene.attacker.labels(scene.superuserSecret);
    const rotating = scene.functionOf(kind, {}, 2_000);
    const { errors, ...damage } = await scene.damageOf(rotating, async () =>
      scene.invoke(rotating, { arn: scene.superuserSecret, token }, ['setSecret']),
    );
    expect(damage).toEqual(NO_DAMAGE);
    expect(errors).toEqual([expect.objectContaining({ errorClass: 'permission', code: 'AccessDeniedException' })]);
  });

  test.each(KINDS)('with more than an event should say: %s', async (kind) => {
    const rotating = scene.functionOf(kind);
    const rotation = await scene.bench.begin(scene.app.arn);
    const more = {
      username: 'postgres',
      user: 'postgres',
      masterarn: scene.superuserSecret,
      mode: 'superuser',
      strategy: 'single',
      createWithRoles: ['pg_write_all_data'],
      bindings: [{ secret: scene.app.arn, username: 'postgres', strategy: 'single' }],
      VersionStage: 'AWSCURRENT',
      SecretString: '{"password":"x"}',
    };
    const { errors, shown, changed } = await scene.damageOf(rotating, async () => {
      for (const step of STEPS) {
        await rotating.invoke({ ...more, ...scene.bench.event(rotation, step) });
      }
      return [];
    });
    const user = kind === 'alternating' ? `${scene.app.username}_clone` : scene.app.username;
    expect({ errors, shown, changed }).toEqual({ errors: [], shown: [], changed: [user, scene.app.arn].sort() });
    expect(await scene.bench.credentials(scene.app.arn)).toMatchObject({ username: user });
    expect(
      await scene.bench.database.query('SELECT FROM pg_auth_members WHERE member = $1::regrole AND roleid <> $2::regrole', [
        user,
        scene.app.username,
      ]),
    ).toEqual([]);
  });

  test('with a list for the audit: it tells of secrets that the function rotates, reads none and connects nowhere', async () => {
    const rotating = scene.functionOf('single');
    scene.bench.guard.calls.length = 0;
    const list = [scene.app.arn, scene.superuserSecret, 'nosuch'].map((secret) => ({ secret, rotatesWithinHours: 24 }));
    const { errors, ...damage } = await scene.damageOf(rotating, async () =>
      rotating.invoke({ audit: list, ...scene.bench.event({ arn: scene.app.arn, token: UNKNOWN }, 'createSecret') }).then(
        () => [],
        (error: Error) => [error],
      ),
    );
    expect(damage).toEqual(NO_DAMAGE);
    expect(errors).toEqual([
      expect.objectContaining({
        errorClass: 'audit',
        message: `audit: 2 findings in 3 secrets: ${scene.superuserSecret}: access denied; nosuch: access denied`,
      }),
    ]);
    expect(scene.bench.guard.calls.map(({ action }) => action)).toEqual(Array(3).fill('DescribeSecret'));
  });
});
