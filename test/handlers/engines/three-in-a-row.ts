import type { EngineRotations } from './engine-rotations';
import type { EngineUnderTest } from './engine-under-test';

const TIMES = [0, 1, 2];
const PROVING_CALLS = [
  'DescribeSecret',
  'GetSecretValue',
  'PutSecretValue',
  'DescribeSecret',
  'DescribeSecret',
  'DescribeSecret',
  'UpdateSecretVersionStage',
  'UpdateSecretVersionStage',
];
const SUPERUSER_CALLS = [...PROVING_CALLS.slice(0, 4), 'GetSecretValue', ...PROVING_CALLS.slice(4)];

export function threeInARow(
  { showsPassword, keepsOwnFormer = false, createsNone = false }: EngineUnderTest, started: () => EngineRotations,
): void {
  test('three in a row of a single user: eight calls and two logins each, none refused', async () => {
    const rotations = started();
    const { bench } = rotations;
    const arn = await rotations.createSecret(await rotations.createUser(), { extra: ['kept'] });
    for (const _ of TIMES) {
      const turn = await rotations.rotate(await rotations.proving(), arn);
      expect(turn.calls).toEqual(PROVING_CALLS);
      rotations.expectLogins(turn, { accepted: 2, refused: 0 });
      await rotations.expectShown(turn.after.password, showsPassword.prove);
      expect(await bench.worksFor(turn.before)).toBe(keepsOwnFormer);
    }
  });

  test('three in a row of a single user by the superuser, which heals a value that does not work: nine calls, '
    + 'three logins', async () => {
    const rotations = started();
    const { bench } = rotations;
    const app = await rotations.createUser();
    const arn = await rotations.createSecret({ ...app, password: `not ${app.password}` });
    for (const time of TIMES) {
      const turn = await rotations.rotate(await rotations.bySuperuser(arn, app.username, 'single'), arn);
      const refused = time === 0 ? 1 : 0;
      expect(turn.calls).toEqual(SUPERUSER_CALLS);
      rotations.expectLogins(turn, { accepted: 3 - refused, refused });
      await rotations.expectShown(turn.after.password, showsPassword.superuser);
      expect(await bench.worksFor(turn.before)).toBe(false);
    }
    expect(await bench.worksFor(app)).toBe(false);
  });

  test('three in a row of alternating users: what clients hold keeps working, and the two share what either has', async () => {
    const rotations = started();
    const { bench } = rotations;
    const app = await rotations.createUser();
    const holds = await bench.share(app);
    const arn = await rotations.createSecret(app);
    const turns: string[] = [];
    for (const time of TIMES) {
      const turn = await rotations.rotate(await rotations.bySuperuser(arn, app.username, 'alternating'), arn);
      expect(turn.calls).toEqual(SUPERUSER_CALLS);
      rotations.expectLogins(turn, { accepted: 3, refused: 0 });
      await rotations.expectShown(turn.after.password, showsPassword.superuser);
      expect(await bench.worksFor(turn.before)).toBe(true);
      turns.push(turn.after.username);
      await holds(turn, time);
    }
    const alternate = rotations.alternateOf(app.username);
    expect(turns).toEqual([alternate, app.username, alternate]);
  });

  if (createsNone) {
    return;
  }

  test.each(['single', 'alternating'] as const)(
    'a user that does not exist is created with its roles, and only where that is allowed: %s',
    async (strategy) => {
      const rotations = started();
      const { bench } = rotations;
      const { names, databaseName, heldBy } = await bench.newRoles();
      const app = rotations.credentials();
      const arn = await rotations.createSecret(app, databaseName === undefined ? {} : { dbname: databaseName });
      const forbidden = await rotations.bySuperuser(arn, app.username, strategy, { databaseName });
      expect((await rotations.refusal(forbidden, arn)).message).toContain('give its Rotation `createWithRoles`');
      expect(await bench.exists(app.username)).toBe(false);
      const allowed = await rotations.bySuperuser(arn, app.username, strategy, { databaseName, createWithRoles: names });
      for (const time of TIMES) {
        const { before, after, calls } = await rotations.rotate(allowed, arn);
        expect(calls).toEqual(SUPERUSER_CALLS);
        expect(await bench.worksFor(before, databaseName)).toBe(strategy === 'alternating' && time > 0);
        expect(await bench.worksFor(after, databaseName)).toBe(true);
        expect(await heldBy(after.username)).toBe(true);
      }
    },
  );
}
