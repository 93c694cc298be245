import { requireServer } from '../../servers/require-server';
import { KilledRotations, type KillPoint } from '../support/killed-rotations';
import { RotationBench } from '../support/rotation-bench';

requireServer('postgresql-18', 'secrets-manager', 'lambda-runtime')('a function that is killed on the way back', () => {
  const username = 'client';
  let bench: RotationBench;
  let lane: KilledRotations;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18 });
    lane = await KilledRotations.start(bench, 'rotate-postgresql', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret: await bench.createSuperuserSecret(),
      bindings: [{ secret: username, username, strategy: 'single' }],
    });
  });

  afterAll(async () => {
    await lane.stop();
    await bench.stop();
  });

  test('nobody is locked out, and the same rotation goes on', async () => {
    const app = { username, password: 'the password of clients' };
    await bench.createUser(app);
    const arn = await bench.createSecret(bench.content(app, { port: lane.port }), username);
    for (const at of ['call not made', 'call made, its answer lost', 'answer of the database lost'] satisfies KillPoint['at'][]) {
      const rotation = await bench.begin(arn);
      const current = await bench.credentials(arn);
      await lane.killThroughout(rotation, { step: 'createSecret', at }, async () => undefined);
      await lane.killThroughout(rotation, { step: 'setSecret', at }, async () => undefined);
      await bench.setPassword(username, 'set by somebody else');
      let killed = 0;
      const found = lane.killThroughout(rotation, { step: 'testSecret', at }, async () => {
        killed++;
      });
      await expect(found).rejects.toThrow('the user has the password of AWSCURRENT');
      expect(killed).toBeGreaterThan(1);
      expect([await bench.worksFor(current), (await bench.labels(arn)).AWSPENDING]).toEqual([true, rotation.token]);
      await lane.finish({ ...rotation, signal: null, point: { step: 'setSecret', at, nth: 0 } });
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    }
  }, 300_000);
});
