import type { UserBinding } from '../../../src/contract/database-facts';
import type { BenchRotation, Credentials, DatabaseBench } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** A user with its secret, and functions that have the superuser's. */
export interface SuperuserScene {
  readonly bench: DatabaseBench;
  readonly app: Credentials;
  readonly arn: string;
  readonly superuserSecret: string;
  readonly rotatingWith: (strategy: UserBinding['strategy']) => FunctionInProcess;
}

/** A rotation whose password has been set and not been tested. */
async function changed({ bench, arn, rotatingWith }: SuperuserScene, strategy: UserBinding['strategy']): Promise<BenchRotation> {
  const rotation = await bench.begin(arn);
  for (const step of ['createSecret', 'setSecret'] as const) {
    await bench.step(rotatingWith(strategy), rotation, step);
  }
  return rotation;
}

/** A superuser does not take away the password that clients hold unless the new one works. */
export function clientsPassword(sceneOf: () => SuperuserScene): void {
  test.each(['single', 'alternating'] as const)(
    'a user that is kept out for another reason than its password is not changed: %s',
    async (strategy) => {
      const { bench, app, arn, rotatingWith } = sceneOf();
      await bench.replace(arn, bench.content(app, { dbname: 'renamed_since' }));
      const before = await bench.verifierOf(app.username);
      const rotation = await bench.begin(arn);
      await bench.step(rotatingWith(strategy), rotation, 'createSecret');
      await expect(bench.step(rotatingWith(strategy), rotation, 'setSecret'))
        .rejects.toMatchObject({ errorClass: 'configuration', code: '3D000' });
      expect(await bench.verifierOf(app.username)).toBe(before);
      expect(await bench.exists(`${app.username}_clone`)).toBe(false);
      await bench.abandon(rotation);
      await bench.replace(arn, bench.content(app));
      await bench.rotate(rotatingWith(strategy), arn);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    },
  );

  test.each([['nobody knows', 'not the one'], ['is in no secret', undefined], ['is null', null]])(
    'a user whose password %s gets one, with one refused login at the most',
    async (_, password) => {
      const { bench, app, arn, rotatingWith } = sceneOf();
      await bench.replace(arn, { ...bench.content(app), password });
      const refusals = bench.refusals();
      await bench.rotate(rotatingWith('single'), arn);
      expect(bench.refusals() - refusals).toBe(password ? 1 : 0);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    },
  );

  test.each(['testSecret', 'finishSecret'] as const)('what fails in %s is put back: the rotation goes on', async (step) => {
    const { bench, app, arn, rotatingWith } = sceneOf();
    const rotation = await changed(sceneOf(), 'single');
    await bench.setPassword(app.username, 'set by somebody else');
    await expect(bench.step(rotatingWith('single'), rotation, step)).rejects.toMatchObject({
      errorClass: 'authentication',
      message: expect.stringContaining('the user has the password of AWSCURRENT'),
    });
    expect(await bench.worksFor(app)).toBe(true);
    const before = await bench.verifierOf(app.username);
    await expect(bench.step(rotatingWith('single'), rotation, step)).rejects.toMatchObject({ errorClass: 'authentication' });
    expect(await bench.verifierOf(app.username)).toBe(before);
    for (const next of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      await bench.step(rotatingWith('single'), rotation, next);
    }
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('what cannot be put back is told, and the next attempt tries again', async () => {
    const { bench, app, superuserSecret, rotatingWith } = sceneOf();
    const rotation = await changed(sceneOf(), 'single');
    await bench.setPassword(app.username, 'set by somebody else');
    await bench.replace(superuserSecret, { username: 'postgres', password: 'wrong' });
    const message = 'the database refused the login; AWSCURRENT\'s password could not be put back: '
      + 'authentication: the database refused the login of the superuser';
    await expect(bench.step(rotatingWith('single'), rotation, 'testSecret')).rejects.toThrow(message);
    await bench.replace(superuserSecret, bench.superuser);
    await expect(bench.step(rotatingWith('single'), rotation, 'testSecret')).rejects.toThrow('has the password of AWSCURRENT');
    expect(await bench.worksFor(app)).toBe(true);
  });

  test('of alternating users, the one of clients has not been touched: nothing is put back', async () => {
    const { bench, app, arn, rotatingWith } = sceneOf();
    const rotation = await changed(sceneOf(), 'alternating');
    await bench.setPassword(`${app.username}_clone`, 'set by somebody else');
    const before = await bench.verifierOf(`${app.username}_clone`);
    await expect(bench.step(rotatingWith('alternating'), rotation, 'testSecret'))
      .rejects.toMatchObject({ errorClass: 'authentication', message: expect.not.stringContaining('AWSCURRENT') });
    expect([await bench.worksFor(app), await bench.verifierOf(`${app.username}_clone`)]).toEqual([true, before]);
    expect(await bench.labels(arn)).toMatchObject({ AWSPENDING: rotation.token });
  });

  test('a database that does not answer says nothing of the password: nothing is put back', async () => {
    const { bench, arn, rotatingWith } = sceneOf();
    const rotation = await changed(sceneOf(), 'single');
    await bench.stopDatabase();
    await expect(bench.step(rotatingWith('single'), rotation, 'testSecret')).rejects.toMatchObject({ errorClass: 'network' });
    await bench.startDatabase();
    for (const step of ['testSecret', 'finishSecret'] as const) {
      await bench.step(rotatingWith('single'), rotation, step);
    }
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });
}
