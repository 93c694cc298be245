import { CHOSEN_PASSWORD } from './support/attack-scene';
import { Attacker, OWN_SECRETS } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import { attackScene } from './support/describe-attack';
import { STEPS } from '../handlers/support/rotation-bench';

const EVERYTHING = [
  'CreateSecret', 'DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'RotateSecret', 'TagResource',
  'UpdateSecretVersionStage',
];
const NAMES = ['the victim', 'its alternate', 'the superuser', 'another bound user'] as const;

/** Who may do everything with secrets of his own, and invoke the functions; and nothing with the victims' secrets. */
attackScene("a secret of one's own, pointed at a function", () => [Attacker.may(EVERYTHING, OWN_SECRETS)], (scene) => {
  let serial = 0;

  const usernameOf = (name: (typeof NAMES)[number]): string => ({
    'the victim': scene.app.username,
    'its alternate': `${scene.app.username}_clone`,
    'the superuser': 'postgres',
    'another bound user': scene.billing.username,
  })[name];
  const contentFor = (username: string): object => scene.bench.content({ username, password: CHOSEN_PASSWORD });
  const createSecret = async (value: unknown): Promise<string> => scene.attacker.createSecret(`attacker/${serial++}`, value);

  test('gives no other permissions', async () => {
    const denied = { name: 'AccessDeniedException' };
    for (const arn of [scene.app.arn, scene.superuserSecret, scene.key]) {
      await expect(scene.attacker.read(arn)).rejects.toMatchObject(denied);
      await expect(scene.attacker.put(arn, 'x', ['AWSPENDING'])).rejects.toMatchObject(denied);
      await expect(scene.attacker.rotate(arn)).rejects.toMatchObject(denied);
    }
  });

  describe.each(['single', 'alternating', 'values'] as const)('which knows its secrets (%s)', (kind) => {
    const names = NAMES.slice(0, kind === 'values' ? 1 : NAMES.length);

    test.each(names)('through the event of Secrets Manager, with the name of %s', async (name) => {
      const rotating = scene.functionOf(kind);
      const arn = await createSecret(contentFor(usernameOf(name)));
      const { errors, ...damage } = await scene.damageOf(rotating, async () =>
        scene.rotate(rotating, await scene.attacker.rotate(arn)),
      );
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors)
        .toEqual([expect.objectContaining({ errorClass: 'configuration', message: expect.stringContaining('not bound') })]);
    });

    test.each(names)('by direct invocation, with a pending value for %s', async (name) => {
      const rotating = scene.functionOf(kind);
      const arn = await createSecret(contentFor(usernameOf(name)));
      const { errors, ...damage } = await scene.damageOf(rotating, async () => {
        const rotation = await scene.attacker.rotate(arn);
        await scene.attacker.put(arn, { ...contentFor(usernameOf(name)), new: true }, ['AWSPENDING'], rotation.token);
        return scene.invoke(rotating, rotation);
      });
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors).toEqual(STEPS.map(() => expect.objectContaining({ message: expect.stringContaining('not bound') })));
    });
  });

  test.each<[string, (arn: string, name: string) => string]>([
    ['whose ARN without the random suffix is the ARN of the bound secret', (arn) => arn.split(':secret:')[1]],
    ['in another case', (_, name) => name.toUpperCase()],
    ['with a suffix', (_, name) => `${name}-abcdef`],
    ['under a path', (_, name) => `attacker/${name}`],
  ])('which knows its secrets, under a name like that of a bound one: %s', async (_, nameOf) => {
    const name = nameOf(scene.app.arn, `victims/${scene.app.username}`);
    scene.permit(Attacker.may(EVERYTHING, name));
    const arn = await scene.attacker.createSecret(name, contentFor(scene.app.username));
    for (const kind of ['single', 'alternating'] as const) {
      const rotating = scene.functionOf(kind);
      const { errors, ...damage } = await scene.damageOf(rotating, async () =>
        scene.rotate(rotating, await scene.attacker.rotate(arn)),
      );
      expect(damage).toEqual(NO_DAMAGE);
      expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('not bound') })]);
    }
  });

  describe('which acts as the user itself', () => {
    test.each(NAMES)('through the event of Secrets Manager, with the name of %s: as good as guessing', async (name) => {
      const rotating = scene.functionOf('prove');
      const arn = await createSecret(contentFor(usernameOf(name)));
      const { errors, connections, ...damage } = await scene.damageOf(rotating, async () =>
        scene.rotate(rotating, await scene.attacker.rotate(arn)),
      );
      expect(damage).toEqual({ changed: [], shown: [], logins: 0 });
      expect(errors).toEqual([expect.objectContaining({ errorClass: 'authentication' })]);
      expect(connections).toBeGreaterThan(0);
      expect(connections).toBeLessThanOrEqual(3);
    });

    test.each(NAMES)(
      "by direct invocation, with the attacker's own account in AWSCURRENT and a pending value for %s",
      async (name) => {
        const account = { username: `attacker${serial}`, password: CHOSEN_PASSWORD };
        await scene.bench.createUser(account);
        const rotating = scene.functionOf('prove');
        const arn = await createSecret(scene.bench.content(account));
        for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
          const { errors, ...damage } = await scene.damageOf(rotating, async () => {
            const rotation = await scene.attacker.rotate(arn);
            await scene.attacker.put(arn, contentFor(usernameOf(name)), ['AWSPENDING'], rotation.token);
            return scene.invoke(rotating, rotation, [step]);
          });
          expect(damage).toEqual(NO_DAMAGE);
          expect(errors)
            .toEqual([expect.objectContaining({ errorClass: 'stale', message: expect.stringContaining('another user') })]);
        }
      },
    );
  });

  test.each(['single', 'values'] as const)('without the rotation of the secret the role reaches nothing (%s)', async (kind) => {
    const rotating = scene.functionOf(kind, {}, 2_000);
    const arn = await createSecret(contentFor(scene.app.username));
    const token = await scene.attacker.put(arn, contentFor('postgres'), ['AWSPENDING']);
    const { errors, ...damage } = await scene.damageOf(rotating, async () =>
      scene.invoke(rotating, { arn, token }, ['setSecret']),
    );
    expect(damage).toEqual(NO_DAMAGE);
    expect(errors).toEqual([expect.objectContaining({ errorClass: 'permission', code: 'AccessDeniedException' })]);
  });
}, { sameVictims: true });
