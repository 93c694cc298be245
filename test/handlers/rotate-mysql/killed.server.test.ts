import type { UserBinding } from '../../../src/contract/database-facts';
import { requireServer } from '../../servers/require-server';
import { KilledRotations, type KillPoint } from '../support/killed-rotations';
import { MariadbBench, MysqlPeerBench } from '../support/mysql-bench';
import { type Credentials, STEPS } from '../support/rotation-bench';
import { StoredVersions } from '../support/stored-versions';
import { beginMysql } from '../support/tls-beginning';

interface Strategy {
  readonly name: string;
  /** Absent where the user proves itself. */
  readonly binding?: Omit<UserBinding, 'secret' | 'username' | 'createWithRoles'>;
  /** Whether the rotation makes the user, with a role. */
  readonly creates?: true;
  /** Rotations in a row, each of which finds something else, with where they are killed. */
  readonly turns: readonly [string, KillPoint['at']][];
  /** Whether what clients hold works until the next rotation. */
  readonly keepsFormer?: true;
}

const [CALL, ANSWER] = ['call made, its answer lost', 'answer of the database lost'] as const;
/** Answers of the database before any that changes something: to the login, settings and state. */
const FIRST_CHANGE = 4;
/** More answers than there are. */
const MANY = 28;
const SINGLE: Strategy = { name: 'single user', turns: [['without a former version', ANSWER], ['with one', CALL]] };
const SUPERUSER: Strategy = {
  name: 'single user with superuser',
  binding: { strategy: 'single' },
  creates: true,
  turns: [['creates the user', ANSWER], ['changes the user', ANSWER], ['changes it again', CALL]],
};
const ALTERNATING: Strategy = {
  name: 'alternating users',
  binding: { strategy: 'alternating' },
  turns: [['creates the clone', ANSWER], ['changes the user', ANSWER], ['changes the clone', CALL]],
  keepsFormer: true,
};
const CREATING: Strategy = {
  ...ALTERNATING, name: 'alternating users that it makes', creates: true,
};
const DUAL: Strategy = {
  name: 'two passwords',
  binding: { strategy: 'dualPassword' },
  turns: [['adds the second password', ANSWER], ['drops the former', ANSWER], ['drops another', CALL]],
  keepsFormer: true,
};

describe.each([
  { engine: 'mariadb', servers: ['mariadb', 'secrets-manager', 'lambda-runtime'], strategies: [SINGLE, SUPERUSER, ALTERNATING] },
  { engine: 'mysql', servers: ['secrets-manager', 'lambda-runtime'], strategies: [DUAL, CREATING] },
] as const)('$engine', ({ engine, servers, strategies }) => {
  requireServer(...servers)('a function that is killed', () => {
    let bench: MariadbBench | MysqlPeerBench;
    let superuserSecret: string;

    beforeAll(async () => {
      bench = engine === 'mariadb' ? await MariadbBench.open() : quick(await MysqlPeerBench.open());
      superuserSecret = await bench.createSuperuserSecret();
      await bench.rotations.secrets.createFunction('rotation');
    });

    afterAll(() => bench.stop());

    const worksFor = async (text: string | undefined): Promise<boolean> =>
      text !== undefined && bench.worksFor(JSON.parse(text) as Credentials);

    /**
     * A rotation whose steps are each killed at every point, one after the other, with what holds after each kill and at the end.
     */
    const survive = async (killing: KilledRotations, { arn, where, at, keepsFormer, works }: {
      arn: string; where: string; at: KillPoint['at']; keepsFormer: boolean; works: boolean;
    }): Promise<void> => {
      const read = async (): Promise<StoredVersions> => StoredVersions.read(bench.rotations.secrets.client(), arn);
      const before = await read();
      const [former] = before.with('AWSCURRENT');
      const rotation = await bench.rotations.begin(arn);
      const pendingWorked = new Set<boolean>();
      const afterKill = async (): Promise<void> => {
        const versions = await read();
        const [current, ...more] = versions.with('AWSCURRENT');
        const [ofCurrent, ofPending] = [await worksFor(versions.texts[current]), await worksFor(versions.texts[rotation.token])];
        pendingWorked.add(ofPending);
        // A user that is still to be created cannot lose anything.
        expect({ where, more, former: versions.texts[former], works: ofCurrent || (ofPending && !keepsFormer) || !works })
          .toEqual({ where, more: [], former: before.texts[former], works: true });
      };
      const kills: number[] = [];
      for (const step of STEPS) {
        kills.push(await killing.killThroughout(rotation, { step, at }, afterKill));
      }
      // Before the change and after it, and in each step that has such a point.
      expect({ where, killed: kills.map((count) => count > 0), pendingWorked }).toEqual({
        where, killed: at === CALL ? [true, true, true, true] : [false, true, true, false], pendingWorked: new Set([false, true]),
      });
      const after = await read();
      const labels = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'].map((label) => after.with(label));
      const [newWorks, formerWorks] = [await worksFor(after.texts[rotation.token]), await worksFor(after.texts[former])];
      expect({ where, labels, newWorks, formerWorks, texts: after.texts }).toEqual({
        where,
        labels: [[rotation.token], [], [former]],
        newWorks: true,
        formerWorks: keepsFormer && works,
        texts: { ...before.texts, [rotation.token]: expect.any(String) },
      });
    };

    // All at the same time, as each spends its time waiting.
    test(`${strategies.map(({ name }) => name).join(', ')}: nobody is locked out, nothing is lost, and another process `
      + 'finishes', async () => {
      await Promise.all(strategies.map(async ({ name, binding, creates = false, turns, keepsFormer = false }, index) => {
        const app = { username: `app${index}`, password: 'the first password' };
        const roles = creates ? await bench.newRoles() : undefined;
        const bindings = binding
          && [{ secret: app.username, username: app.username, ...binding, ...roles && { createWithRoles: roles.names } }];
        const options = {
          ...(bindings ? ({ mode: 'superuser', superuserSecret, bindings } as const) : ({ mode: 'prove' } as const)),
          database: bench.facts,
        };
        const killing = await KilledRotations.start(bench.rotations, 'rotate-mysql', options, beginMysql);
        if (!creates) {
          await bench.database.createUser(app);
        }
        const arn = await bench.rotations.createSecret(bench.content(app, { port: killing.port }), app.username);
        try {
          for (const [turn, [text, at]] of turns.entries()) {
            await survive(killing, { arn, where: `${name}, ${text}`, at, keepsFormer, works: !creates || turn > 0 });
          }
          expect(await roles?.heldBy(app.username) ?? !creates).toBe(true);
        } finally {
          await killing.stop();
        }
      }));
    });

    test('between two statements of a change, and its rotation is given up: nobody is locked out, and the next one '
      + 'succeeds', async () => {
      const strategy = engine === 'mysql' ? 'dualPassword' : 'single';
      const users = { alternating: 'clone', [strategy]: 'own' } as const;
      await Promise.all(Object.entries(users).map(async ([name, text]) => {
        const bindings: UserBinding[] = [];
        for (let nth = FIRST_CHANGE; nth <= MANY; nth++) {
          const username = `${text}${nth}`;
          await bench.database.createUser({ username, password: 'the first password' });
          bindings.push({ secret: username, username, strategy: name as UserBinding['strategy'] });
        }
        const options = { mode: 'superuser', superuserSecret, bindings } as const;
        const killing = await KilledRotations.start(
          bench.rotations,
          'rotate-mysql',
          { ...options, database: bench.facts },
          beginMysql,
        );
        const next = bench.rotations.inProcess('rotate-mysql', { ...options, database: { ...bench.facts, port: killing.port! } });
        try {
          let kills = 0;
          for (const [index, { username }] of bindings.entries()) {
            const arn = await bench.rotations.createSecret(
              bench.content({ username, password: 'the first password' }, { port: killing.port }),
              username,
            );
            const killed = await killing.kill(arn, { step: 'setSecret', at: ANSWER, nth: FIRST_CHANGE + index });
            if (killed.signal === null) {
              break;
            }
            kills += 1;
            await killing.giveUp(killed);
            const held = await worksFor(await bench.rotations.value(arn));
            await bench.rotations.rotate(next, arn);
            expect({ username, held: held || name === 'single', works: await worksFor(await bench.rotations.value(arn)) })
              .toEqual({ username, held: true, works: true });
          }
          expect({ name, enough: kills >= 3, all: kills < bindings.length }).toEqual({ name, enough: true, all: true });
        } finally {
          await killing.stop();
        }
      }));
    });
  });
});

/** Hashes of fewer rounds than a server would make: they are most of the time that a login takes. */
function quick(bench: MysqlPeerBench): MysqlPeerBench {
  bench.database.accounts.digestRounds = 5_000;
  return bench;
}
