import { randomUUID } from 'node:crypto';
import { AttackScene, CHOSEN_PASSWORD, type FunctionKind } from './support/attack-scene';
import { Attacker } from './support/attacker';
import { type BenchRotation, type StepName, STEPS } from '../handlers/support/rotation-bench';
import { requireServer } from '../servers/require-server';

const VERSIONS = 100;

/** Who may write and relabel a bound secret, and fills it with guesses. */
requireServer('postgresql-18', 'secrets-manager')('a hundred junk versions', () => {
  let scene: AttackScene;

  beforeAll(async () => {
    scene = await AttackScene.start();
    await prepare();
  });

  afterAll(() => scene.stop());

  const prepare = async (): Promise<void> => {
    await scene.prepare();
    scene.permit(Attacker.may(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage'], scene.app.arn));
  };

  const guess = (number: number): object =>
    scene.bench.content({ username: scene.app.username, password: `${CHOSEN_PASSWORD} ${number}` });

  /** Some with a label, more without one, some no guess at all; the last two are AWSCURRENT and AWSPREVIOUS. */
  const fill = async (): Promise<void> => {
    const ids = [];
    for (let number = 0; number < VERSIONS; number++) {
      ids.push(
        await scene.attacker.put(
          scene.app.arn,
          number % 10 === 9 ? { number } : guess(number),
          [`GUESS${number % 7}`],
          randomUUID(),
        ),
      );
    }
    await scene.attacker.moveLabel(scene.app.arn, 'AWSCURRENT', ids[VERSIONS - 2]);
    await scene.attacker.moveLabel(scene.app.arn, 'AWSPREVIOUS', ids[VERSIONS - 3]);
  };

  /** How many logins fail in each step, whatever the step before it said. */
  const refusals = async (kind: FunctionKind, rotation: BenchRotation, ...steps: StepName[]): Promise<number[]> => {
    const counts: number[] = [];
    const rotating = scene.functionOf(kind);
    for (const step of steps) {
      const before = scene.bench.refusals();
      await scene.invoke(rotating, rotation, [step]);
      counts.push(scene.bench.refusals() - before);
    }
    return counts;
  };

  describe('in the current value too', () => {
    beforeAll(async () => {
      await fill();
      await scene.bench.database.query(`ALTER ROLE ${scene.app.username} PASSWORD 'in none of the versions'`);
    });

    test.each([
      ['a server that tells which version it holds', false], ['a server that does not', true],
    ])('let at most three logins fail in a step, at %s', async (_, plainPasswordStatement) => {
      const rotation = await scene.bench.begin(scene.app.arn);
      const rotating = scene.functionOf('prove', { database: { ...scene.bench.facts, plainPasswordStatement } });
      await scene.invoke(rotating, rotation, ['createSecret']);
      const before = scene.bench.refusals();
      const { errors, changed, shown, logins } = await scene.damageOf(rotating, async () =>
        scene.invoke(rotating, rotation, ['setSecret']),
      );
      expect({ changed, shown, logins }).toEqual({ changed: [], shown: [], logins: 0 });
      expect(errors)
        .toEqual([expect.objectContaining({ errorClass: 'authentication', message: expect.stringContaining('3 tried') })]);
      expect(scene.bench.refusals() - before).toBe(3);
      expect(await refusals('prove', rotation, 'testSecret', 'finishSecret')).toEqual([1, 1]);
    });

    // The first finds that AWSCURRENT does not work, by one login; the second finds what the first has healed.
    test.each([['alternating', 1], ['single', 0]] as const)('are not tried by a superuser, who heals the secret (%s)', async (
      kind,
      refused,
    ) => {
      const rotation = await scene.bench.begin(scene.app.arn);
      expect(await refusals(kind, rotation, ...STEPS)).toEqual([0, refused, 0, 0]);
      expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
    });
  });

  test('do not keep the version that works from being found', async () => {
    await prepare();
    await scene.invoke(scene.functionOf('prove'), await scene.bench.begin(scene.app.arn), ['createSecret', 'setSecret']);
    await scene.attacker.moveLabel(scene.app.arn, 'AWSPENDING');
    await fill();
    const before = scene.bench.refusals();
    expect(await scene.rotate(scene.functionOf('prove'), await scene.bench.begin(scene.app.arn))).toEqual([]);
    expect(scene.bench.refusals() - before).toBe(1);
    expect(await scene.bench.worksFor(await scene.bench.credentials(scene.app.arn))).toBe(true);
  });
});
