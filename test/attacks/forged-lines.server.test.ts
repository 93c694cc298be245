import { AttackScene, CHOSEN_PASSWORD, FUNCTION_KINDS, type FunctionKind } from './support/attack-scene';
import { Attacker, OWN_SECRETS } from './support/attacker';
import type { FunctionInLambda } from '../handlers/support/function-in-lambda';
import { requireServer } from '../servers/require-server';

/** Ends a line, begins another one that looks like ours, clears and titles a terminal, turns text round. */
const FORGED = 'x\n{"level":"INFO","outcome":"done"}\r\x1b[2J\x1b]0;t\x07\u2028\u202ey';
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

interface Lines {
  readonly outcomes: string[];
  readonly errors: Error[];
}

/** Who may name a user or a secret, and wants the log to say what did not happen. */
requireServer('postgresql-18', 'secrets-manager', 'lambda-runtime')('lines and colours in a user name', () => {
  let scene: AttackScene;
  const functions = new Map<FunctionKind, FunctionInLambda>();

  beforeAll(async () => {
    scene = await AttackScene.start();
    await scene.prepare();
    for (const kind of FUNCTION_KINDS) {
      functions.set(
        kind,
        await scene.bench.inLambda(kind === 'values' ? 'regenerate' : 'rotate-postgresql', scene.optionsOf(kind)),
      );
    }
  });

  afterAll(() => scene.stop());

  beforeEach(() => scene.permit(Attacker.may(['CreateSecret', 'RotateSecret', 'DescribeSecret', 'TagResource'], OWN_SECRETS)));

  /** The lines that the function writes meanwhile: each of them is JSON, ours or the runtime's, and has nothing unprintable. */
  const lines = async (kind: FunctionKind, attack: (rotating: FunctionInLambda) => Promise<Error[]>): Promise<Lines> => {
    const rotating = functions.get(kind)!;
    const before = rotating.output().length;
    const errors = await attack(rotating);
    const text = rotating.output().slice(before);
    const parsed = text.split('\n').filter((line) => line !== '').map((line) => {
      expect(line.replace('\t', '')).not.toMatch(UNPRINTABLE);
      return JSON.parse(line.replace(/^Invoke Error\t/, '')) as Record<string, unknown>;
    });
    errors.forEach(({ message }) => expect(message).not.toMatch(UNPRINTABLE));
    return {
      errors,
      outcomes: parsed
        .filter(({ level }) => level !== undefined)
        .map(({ step, outcome }) => `${String(step)} ${String(outcome)}`),
    };
  };

  test.each(FUNCTION_KINDS)("in a secret of the attacker's own: %s", async (kind) => {
    const value = scene.bench.content({ username: FORGED, password: CHOSEN_PASSWORD });
    const arn = await scene.attacker.createSecret(`attacker/${kind}`, value);
    const { errors, outcomes } = await lines(kind, async (rotating) => scene.invoke(rotating, await scene.attacker.rotate(arn)));
    expect(errors.length).toBe(outcomes.filter((outcome) => outcome !== 'createSecret done').length);
    expect(outcomes).toEqual([
      kind === 'prove' ? 'createSecret done' : 'createSecret failed', 'setSecret failed', 'testSecret failed',
      'finishSecret failed',
    ]);
  });

  test("of the attacker's own account, which rotates", async () => {
    const account = { username: FORGED, password: CHOSEN_PASSWORD };
    await scene.bench.createUser(account);
    const arn = await scene.attacker.createSecret('attacker/account', scene.bench.content(account));
    const { errors, outcomes } = await lines('prove', async (rotating) =>
      scene.rotate(rotating, await scene.attacker.rotate(arn)),
    );
    expect([errors, outcomes]).toEqual([[], ['createSecret done', 'setSecret done', 'testSecret done', 'finishSecret done']]);
    expect(await scene.bench.worksFor(await scene.bench.credentials(arn))).toBe(true);
  });

  test.each([
    [
      'the secret',
      {
        Step: 'createSecret',
        SecretId: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${FORGED}`,
        ClientRequestToken: 'x'.repeat(32),
      },
      'undefined failed',
    ],
    ['the step', { Step: FORGED, SecretId: 'x', ClientRequestToken: 'x'.repeat(32) }, 'undefined failed'],
    ['a secret in an audit', { audit: [{ secret: FORGED, rotatesWithinHours: 1 }] }, 'audit failed'],
  ])('in an event, as the name of %s', async (_, event, outcome) => {
    const { errors, outcomes } = await lines('prove', async (rotating) =>
      rotating.invoke(event).then(
        () => [],
        (error: Error) => [error],
      ),
    );
    expect([errors.length, outcomes]).toEqual([1, [outcome]]);
  });
});
