import type { UserBinding } from '../../../src/contract/database-facts';
import { requireServer } from '../../servers/require-server';
import { KilledRotations, type KillPoint } from '../support/killed-rotations';
import { RedisBench } from '../support/redis-bench';
import { type Credentials, STEPS } from '../support/rotation-bench';
import { StoredVersions } from '../support/stored-versions';

const [CALL, ANSWER] = ['call made, its answer lost', 'answer of the database lost'] as const;
/** Of a test on a machine that is busy with others. */
const LIMIT = 600_000;
const WAYS: readonly (UserBinding['strategy'] | 'prove')[] = ['prove', 'dualPassword', 'alternating'];

requireServer('redis', 'secrets-manager', 'lambda-runtime')('a function that is killed', () => {
  let bench: RedisBench;

  beforeAll(async () => {
    bench = await RedisBench.start({ users: 'file' });
    await bench.rotations.secrets.createFunction('rotation');
  });

  afterAll(() => bench.stop());

  const worksFor = async (text: string | undefined): Promise<boolean> =>
    text !== undefined && bench.worksFor(JSON.parse(text) as Credentials);

  // All at the same time, as each spends its time waiting.
  test(`${WAYS.join(', ')}: what clients hold works all the while, and another process finishes`, async () => {
    const superuserSecret = await bench.rotations.createSecret(bench.superuser);
    await Promise.all(WAYS.map(async (way, index) => {
      const app = { username: `app${index}`, password: 'the first password' };
      await bench.createUser(app);
      const options = way === 'prove'
        ? { mode: 'prove', database: bench.facts } as const
        : {
          mode: 'superuser',
          database: bench.facts,
          superuserSecret,
          bindings: [{ secret: app.username, username: app.username, strategy: way }],
        } as const;
      const killing = await KilledRotations.start(
        bench.rotations, 'rotate-redis', options, async (client) => Promise.resolve(client),
      );
      const arn = await bench.rotations.createSecret(bench.content(app, { port: killing.port }), app.username);
      const read = async (): Promise<StoredVersions> => StoredVersions.read(bench.rotations.secrets.client(), arn);
      const survive = async (at: KillPoint['at']): Promise<void> => {
        const [former] = (await read()).with('AWSCURRENT');
        const rotation = await bench.rotations.begin(arn);
        let kills = 0;
        for (const step of STEPS) {
          kills += await killing.killThroughout(rotation, { step, at }, async () => {
            const versions = await read();
            const [current] = versions.with('AWSCURRENT');
            const works = [await worksFor(versions.texts[current]), await worksFor(versions.texts[former])];
            expect({ way, step, works }).toEqual({ way, step, works: [true, true] });
          });
        }
        const after = await read();
        expect({ way, labels: [after.with('AWSCURRENT'), after.with('AWSPENDING'), after.with('AWSPREVIOUS')] })
          .toEqual({ way, labels: [[rotation.token], [], [former]] });
        expect([await worksFor(after.texts[rotation.token]), await worksFor(after.texts[former])]).toEqual([true, true]);
        expect(kills).toBeGreaterThan(STEPS.length);
      };
      try {
        for (const at of [ANSWER, CALL] as const) {
          await survive(at);
        }
      } finally {
        await killing.stop();
      }
    }));
  }, LIMIT);
});
