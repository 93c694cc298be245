import { LdapServer } from '../../servers/ldap-server';
import { requireServer } from '../../servers/require-server';
import { KilledRotations, type KillPoint } from '../support/killed-rotations';
import { LdapBench } from '../support/ldap-bench';
import { type Credentials, STEPS } from '../support/rotation-bench';
import { StoredVersions } from '../support/stored-versions';

const [CALL, ANSWER] = ['call made, its answer lost', 'answer of the database lost'] as const;
/** Of a test on a machine that is busy with others. */
const LIMIT = 600_000;
const WAYS = ['prove', 'single', 'alternating'] as const;

requireServer('slapd', 'secrets-manager', 'lambda-runtime')('a function that is killed', () => {
  let bench: LdapBench;

  beforeAll(async () => {
    bench = await LdapBench.start();
    await bench.rotations.secrets.createFunction('rotation');
  });

  afterAll(() => bench.stop());

  const worksFor = async (text: string | undefined): Promise<boolean> =>
    text !== undefined && bench.worksFor(JSON.parse(text) as Credentials);

  // All at the same time, as each spends its time waiting.
  test(`${WAYS.join(', ')}: nobody is locked out, and another process finishes`, async () => {
    const superuserSecret = await bench.rotations.createSecret(bench.superuser);
    await Promise.all(WAYS.map(async (way, index) => {
      const [name, keepsFormer] = [`app${index}`, way === 'alternating'];
      const app = { username: LdapServer.person(name), password: 'the first password' };
      await bench.createUser(app);
      const alternateUsername = LdapBench.alternateOf(app.username);
      const options = way === 'prove'
        ? { mode: 'prove', database: bench.facts } as const
        : {
          mode: 'superuser',
          database: bench.facts,
          superuserSecret,
          bindings: [{ secret: name, username: app.username, strategy: way, alternateUsername }],
        } as const;
      const killing = await KilledRotations.start(
        bench.rotations, 'rotate-ldap', options, async (client) => Promise.resolve(client),
      );
      const arn = await bench.rotations.createSecret(bench.content(app, { port: killing.port }), name);
      const read = async (): Promise<StoredVersions> => StoredVersions.read(bench.rotations.secrets.client(), arn);
      const survive = async (at: KillPoint['at']): Promise<void> => {
        const [former] = (await read()).with('AWSCURRENT');
        const rotation = await bench.rotations.begin(arn);
        let kills = 0;
        const pendingWorked = new Set<boolean>();
        for (const step of STEPS) {
          kills += await killing.killThroughout(rotation, { step, at }, async () => {
            const versions = await read();
            const [current] = versions.with('AWSCURRENT');
            const pending = await worksFor(versions.texts[rotation.token]);
            pendingWorked.add(pending);
            const works = await worksFor(versions.texts[current]) || (pending && !keepsFormer);
            expect({ way, step, works }).toEqual({ way, step, works: true });
          });
        }
        const after = await read();
        expect({ way, labels: [after.with('AWSCURRENT'), after.with('AWSPENDING'), after.with('AWSPREVIOUS')] })
          .toEqual({ way, labels: [[rotation.token], [], [former]] });
        expect([await worksFor(after.texts[rotation.token]), await worksFor(after.texts[former])]).toEqual([true, keepsFormer]);
        expect({ way, enough: kills > 2, pendingWorked })
          .toEqual({ way, enough: true, pendingWorked: new Set([false, true]) });
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
