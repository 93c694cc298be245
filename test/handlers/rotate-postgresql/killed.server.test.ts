import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { UserBinding } from '../../../src/contract/database-facts';
import { requireServer } from '../../servers/require-server';
import { KilledRotations, type KillPoint } from '../support/killed-rotations';
import { type Credentials, RotationBench, STEPS } from '../support/rotation-bench';
import type { FunctionOptions } from '../support/rotation-environment';
import { StoredVersions } from '../support/stored-versions';

interface Strategy {
  readonly name: string;
  /** Absent where the user proves itself. */
  readonly binding?: Omit<UserBinding, 'secret' | 'username'>;
  /** Rotations in a row, each of which finds something else. */
  readonly turns: readonly string[];
}

/** A secret as it stands between two rotations. */
interface Rested {
  readonly arn: string;
  readonly versions: StoredVersions;
  /** Whether AWSCURRENT works; a user that is still to be created cannot lose anything. */
  readonly works: boolean;
}

const STRATEGIES: Strategy[] = [
  { name: 'single user', turns: ['without a former version', 'with one'] },
  {
    name: 'single user with superuser',
    binding: { strategy: 'single', createWithRoles: [] },
    turns: ['creates the user', 'changes the user'],
  },
  {
    name: 'alternating users',
    binding: { strategy: 'alternating' },
    turns: ['creates the clone', 'changes the user', 'changes the clone'],
  },
];
/** The version makes no difference to what a kill leaves behind: one strategy is enough to see that. */
const RUNS: { version: 15 | 18; strategies: Strategy[] }[] = [
  { version: 18, strategies: STRATEGIES },
  { version: 15, strategies: [{ name: 'single user', turns: ['without a former version'] }] },
];
/** Some at a time, as each spends its time waiting. */
const LANES = 4;
/** More than there are points. */
const SECRETS = 120;

describe.each(RUNS)('PostgreSQL $version', ({ version, strategies }) => {
  requireServer(`postgresql-${version}`, 'secrets-manager', 'lambda-runtime')('a function that is killed', () => {
    let bench: RotationBench;
    let client: SecretsManagerClient;
    let superuserSecret: string;

    beforeAll(async () => {
      bench = await RotationBench.start({ version });
      client = bench.secrets.client();
      superuserSecret = await bench.createSuperuserSecret();
    });

    afterAll(() => bench.stop());

    const anyWorks = async (texts: (string | undefined)[]): Promise<boolean> => {
      for (const text of texts) {
        if (text !== undefined && await bench.worksFor(JSON.parse(text) as Credentials)) {
          return true;
        }
      }
      return false;
    };

    test.each(strategies)(
      '$name: nobody is locked out, nothing is lost, and another process finishes',
      async ({ name, binding, turns }) => {
        const names = Array.from({ length: SECRETS }, (_, index) => `${name.replaceAll(' ', '-')}-${index}`);
        const bindings = names.map((username): UserBinding => ({ secret: username, username, strategy: 'single', ...binding }));
        const options: FunctionOptions = binding ? { mode: 'superuser', superuserSecret, bindings } : { mode: 'prove' };
        const alternating = binding?.strategy === 'alternating';

        const newSecret = async (lane: KilledRotations): Promise<Rested> => {
          const app = { username: names.pop()!, password: 'the first password' };
          const works = binding?.createWithRoles === undefined;
          if (works) {
            await bench.createUser(app);
          }
          const arn = await bench.createSecret(bench.content(app, { port: lane.port }), app.username);
          return { arn, works, versions: await StoredVersions.read(client, arn) };
        };

        /** A rotation that is killed at the point, with what holds before and after it is finished. */
        const survive = async (
          lane: KilledRotations,
          { arn, versions, works }: Rested,
          turn: string,
          point: KillPoint,
        ): Promise<Rested> => {
          const where = `${turn}: ${point.step}, ${point.at}, ${point.nth}`;
          const [former] = versions.with('AWSCURRENT');
          const killed = await lane.kill(arn, point);
          const between = await StoredVersions.read(client, arn);
          const [current, ...more] = between.with('AWSCURRENT');
          const held = [current, ...alternating ? [] : [killed.token]].map((versionId) => between.texts[versionId]);
          expect({
            where,
            signal: killed.signal,
            more,
            readable: between.texts[current] !== undefined,
            works: (await anyWorks(held)) || !works,
          }).toEqual({ where, signal: 'SIGKILL', more: [], readable: true, works: true });

          const finished = await lane.finish(killed).then(() => true, ({ message }: Error) => message);
          const after = await StoredVersions.read(client, arn);
          const labels = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'].map((label) => after.with(label));
          expect({ where, finished, labels, works: await anyWorks([after.texts[killed.token]]) })
            .toEqual({ where, finished: true, labels: [[killed.token], [], [former]], works: true });
          expect({ where, texts: after.texts })
            .toEqual({ where, texts: { ...versions.texts, [killed.token]: expect.any(String) } });
          if (alternating) {
            expect({ where, formerWorks: await anyWorks([after.texts[former]]) }).toEqual({ where, formerWorks: true });
          }
          return { arn, versions: after, works: true };
        };

        const start = async (): Promise<KilledRotations> =>
          KilledRotations.start(bench, 'rotate-postgresql', { ...options, database: bench.facts });
        const lanes = await Promise.all(Array.from({ length: LANES }, start));
        try {
          const { arn } = await newSecret(lanes[0]);
          const points: KillPoint[][] = [];
          for (const _ of turns) {
            points.push(await lanes[0].points(arn));
          }
          points.forEach((ofTurn) => {
            expect(stepsOf(ofTurn, 'call not made')).toEqual([...STEPS]);
            expect(stepsOf(ofTurn, 'call made, its answer lost')).toEqual([...STEPS]);
            expect(stepsOf(ofTurn, 'answer of the database lost')).toEqual(STEPS.slice(1));
          });
          const indices = Array.from({ length: Math.max(...points.map(({ length }) => length)) }).keys();
          await Promise.all(lanes.map(async (lane) => {
            for (const index of indices) {
              let rested = await newSecret(lane);
              for (const [turn, ofTurn] of points.entries()) {
                rested = await survive(lane, rested, turns[turn], ofTurn[index] ?? ofTurn[0]);
              }
            }
          }));
        } finally {
          await Promise.all(lanes.map(async (lane) => lane.stop()));
        }
      },
      600_000,
    );
  });
});

function stepsOf(points: KillPoint[], at: KillPoint['at']): string[] {
  return [...new Set(points.filter((point) => point.at === at).map(({ step }) => step))];
}
