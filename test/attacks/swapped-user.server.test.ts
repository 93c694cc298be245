import { type Aftermath, CHOSEN_PASSWORD } from './support/attack-scene';
import { Attacker } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import { attackScene } from './support/describe-attack';

const KINDS = ['prove', 'single', 'alternating'] as const;
const NAMES = ['the superuser', 'another bound user'] as const;

/** Who may write, relabel and rotate a bound secret, may invoke its function, and may not read. */
attackScene('another user in a bound secret', ({ app }) => [
  Attacker.may(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'], app.arn),
], (scene) => {
  const contentFor = (name: (typeof NAMES)[number]): object =>
    scene.bench.content({ username: name === 'the superuser' ? 'postgres' : scene.billing.username, password: CHOSEN_PASSWORD });

  const swap = async (label: string, value: object): Promise<void> =>
    scene.attacker.moveLabel(scene.app.arn, label, await scene.attacker.put(scene.app.arn, value, ['SWAPPED']));

  /** Two rotations: as Secrets Manager drives them, and with every step asked for directly. */
  const attack = async (kind: (typeof KINDS)[number], pending?: object): Promise<Aftermath> => {
    const rotating = scene.functionOf(kind);
    return scene.damageOf(rotating, async () => {
      const errors: Error[] = [];
      for (const drive of [scene.rotate.bind(scene), scene.invoke.bind(scene)]) {
        const rotation = await scene.attacker.rotate(scene.app.arn);
        if (pending) {
          await scene.attacker.put(scene.app.arn, pending, ['AWSPENDING'], rotation.token);
        }
        errors.push(...await drive(rotating, rotation));
      }
      return errors;
    });
  };

  describe.each(NAMES)('%s', (name) => {
    test.each(['single', 'alternating'] as const)(
      'in AWSCURRENT, and in all versions together: refused before any login (%s)',
      async (kind) => {
        await swap('AWSCURRENT', contentFor(name));
        const current = await attack(kind);
        await swap('AWSPREVIOUS', contentFor(name));
        const all = await attack(kind, contentFor(name));
        for (const { errors, ...damage } of [current, all]) {
          expect(damage).toEqual(NO_DAMAGE);
          expect(errors[0].message).toContain('AWSCURRENT names another user than the one that the secret is bound to');
          expect(errors).toHaveLength(5);
        }
      },
    );

    test.each(KINDS)('in AWSPENDING: dropped before any login (%s)', async (kind) => {
      const { errors, ...damage } = await attack(kind, contentFor(name));
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors[0])
        .toMatchObject({ errorClass: 'stale', message: expect.stringContaining('the pending version names another user') });
      expect(await scene.attacker.labels(scene.app.arn)).not.toHaveProperty('AWSPENDING');
    });

    test('in AWSCURRENT, and in all versions together: a guess that is refused (prove)', async () => {
      await swap('AWSCURRENT', contentFor(name));
      const current = await attack('prove');
      await swap('AWSPREVIOUS', contentFor(name));
      const all = await attack('prove', contentFor(name));
      for (const { errors, changed, shown, logins } of [current, all]) {
        expect({ changed, shown, logins }).toEqual({ changed: [], shown: [], logins: 0 });
        expect(errors[0]).toMatchObject({ errorClass: 'authentication' });
      }
    });
  });

  test.each(KINDS)('in AWSPREVIOUS: never used, and the rotation goes on (%s)', async (kind) => {
    await swap('AWSPREVIOUS', contentFor('the superuser'));
    const { errors, shown, changed } = await attack(kind);
    const { username } = scene.app;
    expect([errors, shown]).toEqual([[], []]);
    expect(changed).toEqual([username, ...kind === 'alternating' ? [`${username}_clone`] : [], scene.app.arn].sort());
    expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
  });

  test('in AWSPREVIOUS, while AWSCURRENT holds a wrong password: recovery does not try it', async () => {
    await swap('AWSCURRENT', scene.bench.content({ username: scene.app.username, password: CHOSEN_PASSWORD }));
    await swap('AWSPREVIOUS', scene.bench.content({ username: 'postgres', password: CHOSEN_PASSWORD }));
    const logged = scene.bench.database.log().length;
    const { errors, changed, logins } = await attack('prove');
    expect({ changed, logins }).toEqual({ changed: [], logins: 0 });
    expect(errors[0]).toMatchObject({ errorClass: 'authentication' });
    const refused = scene.bench.database.log().slice(logged).match(/authentication failed for user "\w+"/g);
    expect(new Set(refused)).toEqual(new Set([`authentication failed for user "${scene.app.username}"`]));
  });
});
