import { generatePassword } from '../../handlers/database/generate-password';
import type { PasswordRules } from '../../src/contract/password-rules';
import { MariadbServer } from '../servers/mariadb-server';
import { MysqlPeer } from '../servers/mysql-peer';
import { requireServer } from '../servers/require-server';
import { MysqlBench } from './support/mysql-bench';
import { RotationBench } from './support/rotation-bench';

/** All that a password can be made of, quotation marks and spaces among them, as long as the engine allows. */
const worst = (length: number): PasswordRules => ({ length, excludeCharacters: '', includeSpace: true });
const ROTATIONS = 6;
const LOGINS = 20;

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`, 'secrets-manager')('passwords with every character', () => {
    let bench: RotationBench;

    beforeAll(async () => {
      bench = await RotationBench.start({ version });
    });

    afterAll(() => bench.stop());

    test('are set by rotations, and sign in', async () => {
      const app = { username: 'app', password: 'the first password' };
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      const seen = new Set<string>();
      for (let rotation = 0; rotation < ROTATIONS; rotation++) {
        await bench.rotate(
          bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts, password: worst(128) }),
          arn,
        );
        const after = await bench.credentials(arn);
        [...after.password].forEach((character) => seen.add(character));
        expect([await bench.worksFor(after), await bench.worksFor({ ...after, password: `${after.password} ` })])
          .toEqual([true, false]);
      }
      expect(seen.size).toBeGreaterThan(85);
    });

    test('sign in where somebody else has set them, as the first value is', async () => {
      const users = Array.from({ length: LOGINS }, (_, index) => ({
        username: `first${index}`,
        password: generatePassword(worst(index % 2 === 0 ? 8 : 128)),
      }));
      for (const user of users) {
        await bench.createUser(user);
      }
      expect(await Promise.all(users.map((user) => bench.worksFor(user)))).toEqual(users.map(() => true));
    });
  });
});

describe.each([
  { engine: 'mariadb', servers: ['mariadb', 'secrets-manager'] },
  { engine: 'mysql', servers: ['secrets-manager'] },
] as const)('$engine', ({ engine, servers }) => {
  requireServer(...servers)('passwords with every character', () => {
    let bench: MysqlBench;

    beforeAll(async () => {
      bench = engine === 'mariadb'
        ? await MysqlBench.start(engine, async ({ good }) => MariadbServer.start({ certificate: good }))
        : await MysqlBench.start(engine, async ({ good }) => MysqlPeer.start(good));
    });

    afterAll(() => bench.stop());

    test('are set by rotations, and sign in', async () => {
      const app = { username: 'app', password: 'the first password' };
      await bench.database.createUser(app);
      const arn = await bench.rotations.createSecret(bench.content(app));
      const seen = new Set<string>();
      for (let rotation = 0; rotation < ROTATIONS; rotation++) {
        await bench.rotations.rotate(
          bench.rotations.inProcess('rotate-mysql', { mode: 'prove', database: bench.facts, password: worst(41) }),
          arn,
        );
        const after = await bench.rotations.credentials(arn);
        [...after.password].forEach((character) => seen.add(character));
        expect([await bench.worksFor(after), await bench.worksFor({ ...after, password: `${after.password} ` })])
          .toEqual([true, false]);
      }
      expect(seen.size).toBeGreaterThan(65);
    });
  });
});
