import { CHOSEN_PASSWORD } from './support/attack-scene';
import { Attacker } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import { attackScene } from './support/describe-attack';

const KINDS = ['prove', 'single', 'alternating'] as const;

/**
 * Who may write a bound secret and put labels on its versions, may invoke its function, and may not read: what is accepted, and
 * where it ends.
 */
attackScene('a writer who may not read', ({ app }) => [
  Attacker.may(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'], app.arn),
], (scene) => {
  beforeEach(async () => scene.schedule(scene.app.arn));

  const userOf = (kind: (typeof KINDS)[number]): string =>
    kind === 'alternating' ? `${scene.app.username}_clone` : scene.app.username;

  test.each(KINDS)('is not shown a value, whatever the function answers: %s', async (kind) => {
    await expect(scene.attacker.read(scene.app.arn)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const rotating = scene.functionOf(kind);
    const token = await scene.attacker.put(scene.app.arn, 'no JSON', ['AWSPENDING']);
    const { errors, changed, shown } = await scene.damageOf(rotating, async () =>
      scene.invoke(rotating, { arn: scene.app.arn, token }),
    );
    expect([changed, shown]).toEqual([[], []]);
    expect(errors.length).toBeGreaterThan(1);
  });

  test.each(KINDS)("accepted: chooses the password of the secret's own user, and of no other: %s", async (kind) => {
    const chosen = { username: userOf(kind), password: CHOSEN_PASSWORD };
    const token = await scene.attacker.put(scene.app.arn, scene.bench.content(chosen), ['AWSPENDING']);
    const rotating = scene.functionOf(kind);
    const { errors, changed, shown } = await scene.damageOf(rotating, async () =>
      scene.invoke(rotating, { arn: scene.app.arn, token }),
    );
    expect({ errors, shown, changed }).toEqual({ errors: [], shown: [], changed: [chosen.username, scene.app.arn].sort() });
    expect(await scene.bench.worksFor(chosen)).toBe(true);
    expect(await scene.rotate(scene.functionOf(kind), await scene.bench.begin(scene.app.arn))).toEqual([]);
    await expect(scene.attacker.read(scene.app.arn)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    // With alternating users the one that was chosen keeps its password until it is its turn again.
    expect(await scene.bench.worksFor(chosen)).toBe(kind === 'alternating');
  });

  test.each(KINDS)('accepted: brings back a former password that is known: %s', async (kind) => {
    const known = { username: userOf(kind), password: CHOSEN_PASSWORD };
    const leaked = await scene.bench.put(scene.app.arn, scene.bench.content(known), ['LEAKED']);
    await scene.attacker.moveLabel(scene.app.arn, 'AWSPENDING', leaked);
    expect(await scene.invoke(scene.functionOf(kind), { arn: scene.app.arn, token: leaked })).toEqual([]);
    expect(await scene.bench.worksFor(known)).toBe(true);
  });

  test.each(KINDS)('accepted: breaks the application by a wrong value, until the next rotation: %s', async (kind) => {
    const wrong = { username: scene.app.username, password: CHOSEN_PASSWORD };
    await scene.attacker.moveLabel(
      scene.app.arn,
      'AWSCURRENT',
      await scene.attacker.put(scene.app.arn, scene.bench.content(wrong), ['WRONG']),
    );
    expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(false);
    expect(await scene.rotate(scene.functionOf(kind), await scene.bench.begin(scene.app.arn))).toEqual([]);
    expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
    expect(await scene.bench.worksFor(wrong)).toBe(false);
  });

  test("accepted: hands the application the attacker's own account, where the function knows no user", async () => {
    const account = { username: `${scene.app.username}_friend`, password: CHOSEN_PASSWORD };
    await scene.bench.createUser(account);
    await scene.attacker.moveLabel(
      scene.app.arn,
      'AWSCURRENT',
      await scene.attacker.put(scene.app.arn, scene.bench.content(account), ['OTHER']),
    );
    const rotating = scene.functionOf('prove');
    const { errors, changed } = await scene.damageOf(rotating, async () =>
      scene.rotate(rotating, await scene.bench.begin(scene.app.arn)),
    );
    expect([errors, changed]).toEqual([[], [account.username, scene.app.arn].sort()]);
    expect(await scene.bench.worksFor(scene.app)).toBe(true);
  });

  test('a value that is made by a function: one that breaks its rules is dropped', async () => {
    await scene.schedule(scene.key);
    scene.permit(Attacker.may(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'], scene.key));
    const rotating = scene.functionOf('values');
    const token = await scene.attacker.put(scene.key, CHOSEN_PASSWORD, ['AWSPENDING']);
    const { errors, ...damage } = await scene.damageOf(rotating, async () => scene.invoke(rotating, { arn: scene.key, token }));
    expect(damage).toEqual(NO_DAMAGE);
    expect(errors[0]).toMatchObject({ errorClass: 'stale', message: expect.stringContaining('does not satisfy the rules') });
  });
});
