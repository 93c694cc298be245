import { documentdb, mongodb } from './engines/documentdb';
import type { EngineBench, EngineUnderTest } from './engines/engine-under-test';
import { openldap } from './engines/ldap';
import { mariadb, mysql } from './engines/mysql';
import { postgresql } from './engines/postgresql';
import { redis } from './engines/redis';
import { redshift } from './engines/redshift';
import { sqlserver } from './engines/sqlserver';
import { SPLIT_ROTATIONS, UpgradedFunction } from './support/upgraded-function';
import { requireServer } from '../servers/require-server';

type Way = 'prove' | 'single' | 'alternating' | 'dualPassword';

const LIMIT = 120_000;
const WAYS = ['prove', 'single', 'alternating'] as const;
/** Oracle is not here: its listener lets nobody in. */
const DATABASES: { engine: EngineUnderTest; ways: readonly Way[] }[] = [
  { engine: postgresql(18), ways: WAYS },
  { engine: mariadb, ways: WAYS },
  { engine: mysql, ways: ['prove', 'alternating', 'dualPassword'] },
  { engine: sqlserver, ways: WAYS },
  { engine: documentdb, ways: WAYS },
  { engine: mongodb, ways: ['alternating'] },
  { engine: redshift, ways: WAYS },
  { engine: redis, ways: WAYS },
  { engine: openldap, ways: WAYS },
];
/** Those in which a client that has not read the new value can still sign in. */
const KEEP_FORMER: readonly Way[] = ['alternating', 'dualPassword'];

describe.each(DATABASES)('$engine.name', ({ engine, ways }) => {
  requireServer(...engine.servers, 'secrets-manager', 'lambda-runtime')('an upgrade in the middle of a rotation', () => {
    let bench: EngineBench;
    let superuserSecret: string;

    beforeAll(async () => {
      bench = await engine.start();
      superuserSecret = await bench.rotations.createSecret(bench.superuser);
    });

    afterAll(() => bench.stop());

    test.each(ways)('either bundle finishes what the other has begun: %s', async (way) => {
      const username = engine.username?.(`app_${way}`) ?? `app_${way}`;
      const app = { username, password: 'The 1st password' };
      await bench.createUser(app);
      const secret = await bench.rotations.createSecret(bench.content(app));
      const upgraded = new UpgradedFunction(bench.rotations, engine.handler, {
        database: bench.facts,
        password: engine.passwordRules,
        ...way === 'prove' ? { mode: 'prove' } : {
          mode: 'superuser',
          superuserSecret,
          bindings: [{ secret, username, alternateUsername: engine.alternateOf?.(username), strategy: way }],
        },
      });
      const keepsFormer = KEEP_FORMER.includes(way) || (way === 'prove' && engine.keepsOwnFormer === true);
      try {
        for (const { title, turns } of SPLIT_ROTATIONS) {
          const before = await bench.rotations.credentials(secret);
          const { token } = await upgraded.rotate(secret, turns);
          const after = await bench.rotations.credentials(secret);
          const { AWSCURRENT, AWSPENDING } = await bench.rotations.labels(secret);
          const isNew = after.password !== before.password;
          const works = [await bench.worksFor(after), !keepsFormer || await bench.worksFor(before)];
          expect({ title, AWSCURRENT, AWSPENDING, isNew, works })
            .toEqual({ title, AWSCURRENT: token, AWSPENDING: undefined, isNew: true, works: [true, true] });
        }
      } finally {
        await upgraded.stop();
      }
    }, LIMIT);
  });
});
