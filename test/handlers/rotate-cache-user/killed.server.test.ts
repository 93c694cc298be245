import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { requireServer } from '../../servers/require-server';
import { CacheBench, type CacheService } from '../support/cache-bench';
import { FunctionInChild } from '../support/function-in-child';
import { KilledRotations } from '../support/killed-rotations';
import { STEPS } from '../support/rotation-bench';
import { rotationEnvironment } from '../support/rotation-environment';
import { StoredVersions } from '../support/stored-versions';

const CHANGES: [CacheService, string][] = [['elasticache', 'ModifyUser'], ['memorydb', 'UpdateUser']];

requireServer('redis', 'secrets-manager', 'lambda-runtime')('a function that is killed', () => {
  let bench: CacheBench;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    bench = await CacheBench.start();
    client = bench.rotations.secrets.client();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.reset());

  test('at each call of Secrets Manager: the password in use works, nothing is lost, and another process finishes', async () => {
    const user = await bench.createUser('elasticache');
    const killing = await KilledRotations.start(
      bench.rotations,
      'rotate-cache-user',
      bench.options('elasticache', [user.binding]),
    );
    try {
      const points = await killing.points(user.arn);
      expect([...new Set(points.map(({ step, at }) => `${step}: ${at}`))])
        .toEqual(STEPS.flatMap((step) => [`${step}: call not made`, `${step}: call made, its answer lost`]));
      // Before a call the world is as it was after the one before.
      for (const point of points.filter(({ at, nth }) => nth === 1 || at === 'call made, its answer lost')) {
        const [former] = (await StoredVersions.read(client, user.arn)).with('AWSCURRENT');
        const killed = await killing.kill(user.arn, point);
        expect({ point, signal: killed.signal, works: await bench.works(user) })
          .toEqual({ point, signal: 'SIGKILL', works: true });

        const finished = await killing.finish(killed).then(() => true, ({ message }: Error) => message);
        const after = await StoredVersions.read(client, user.arn);
        expect({ point, finished, labels: ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'].map((label) => after.with(label)) })
          .toEqual({ point, finished: true, labels: [[killed.token], [], [former]] });
        expect({ point, works: [await bench.works(user), await bench.works(user, 'AWSPREVIOUS')] })
          .toEqual({ point, works: [true, true] });
      }
    } finally {
      await killing.stop();
    }
  });

  test.each(
    CHANGES.flatMap(([service, change]) =>
      (['DescribeUsers', change] as const).flatMap((action) =>
        (['before', 'after'] as const).map((when) => [service, action, when] as const),
      ),
    ),
  )('%s, at %s, %s it is done', async (service, action, when) => {
    const user = await bench.createUser(service);
    const variables = rotationEnvironment(bench.rotations.guard, bench.options(service, [user.binding]));
    const [victim, heir] = [
      new FunctionInChild('rotate-cache-user', variables),
      new FunctionInChild('rotate-cache-user', variables),
    ];
    try {
      const rotation = await bench.rotations.begin(user.arn);
      await bench.rotations.step(victim, rotation, 'createSecret');
      bench.apis[service].fault({ action, when, effect: { kind: 'interrupt', callback: async () => victim.kill() } });
      await expect(bench.rotations.step(victim, rotation, 'setSecret')).rejects.toThrow('SIGKILL');
      expect(await bench.works(user)).toBe(true);
      for (const step of STEPS) {
        await bench.rotations.step(heir, rotation, step);
      }
      expect([await bench.works(user), await bench.works(user, 'AWSPREVIOUS')]).toEqual([true, true]);
      expect((await bench.rotations.labels(user.arn)).AWSCURRENT).toBe(rotation.token);
    } finally {
      await Promise.all([victim.stop(), heir.stop()]);
    }
  });
});
