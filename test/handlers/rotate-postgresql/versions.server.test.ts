import { Installation } from '../../servers/installation';
import { requireServer } from '../../servers/require-server';
import { type Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const INSTALLED = Installation.postgresqlVersions();
/** Where nothing is installed, the tests of these say so. */
const VERSIONS = (INSTALLED.length > 0 ? INSTALLED : [15, 18]) as (15 | 18)[];
const ADMIN_OPTION_SINCE = 16;

/** What holds for every version that is supported, on every one that is there. */
describe.each(VERSIONS)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`, 'secrets-manager')('rotations', () => {
    let bench: RotationBench;
    let serial = 0;
    const user = (): Credentials => ({ username: `user${serial++}`, password: 'the first' });

    beforeAll(async () => {
      bench = await RotationBench.start({ version });
    });

    afterAll(() => bench.stop());

    const bySuperuser = async (
      secret: string,
      username: string,
      strategy: 'single' | 'alternating',
      superuser: Credentials = bench.database.superuser,
    ): Promise<FunctionInProcess> =>
      bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSecret(superuser),
        bindings: [{ secret, username, strategy }],
      });

    test.each(['by itself', 'single', 'alternating'] as const)('three in a row of a user: %s', async (how) => {
      const app = user();
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      const rotating =
        how === 'by itself'
          ? bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts })
          : await bySuperuser(arn, app.username, how);
      for (let rotation = 0; rotation < 3; rotation++) {
        const before = await bench.credentials(arn);
        await bench.rotate(rotating, arn);
        expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
        expect(await bench.worksFor(before)).toBe(how === 'alternating');
      }
    });

    test('what the base gives by default, it gives on what its alternate user makes', async () => {
      const [app, reader] = [user(), user()];
      await bench.createUser(app);
      await bench.createUser(reader);
      await bench.database
        .query(`CREATE SCHEMA of_${app.username} AUTHORIZATION ${app.username}; GRANT USAGE ON SCHEMA of_${app.username} TO ${reader.username};
        ALTER DEFAULT PRIVILEGES FOR ROLE ${app.username} GRANT SELECT ON TABLES TO ${reader.username};
        ALTER DEFAULT PRIVILEGES FOR ROLE ${app.username} IN SCHEMA of_${app.username} GRANT USAGE ON SEQUENCES TO ${reader.username}`);
      const arn = await bench.createSecret(bench.content(app));
      await bench.rotate(await bySuperuser(arn, app.username, 'alternating'), arn);
      const clone = await bench.credentials(arn);
      expect(clone.username).toBe(`${app.username}_clone`);
      await bench.as(clone, `CREATE TABLE of_${app.username}.made (id int)`);
      await bench.as(clone, `CREATE SEQUENCE of_${app.username}.numbers`);
      expect(await bench.as(reader, `SELECT id FROM of_${app.username}.made`)).toEqual([]);
      expect(await bench.as(reader, `SELECT nextval('of_${app.username}.numbers')::int AS number`)).toEqual([{ number: 1 }]);
      await expect(bench.as(reader, `INSERT INTO of_${app.username}.made VALUES (1)`)).rejects.toMatchObject({ code: '42501' });
    });

    test('what others give the base by default, its alternate user has', async () => {
      const [app, owner] = [user(), user()];
      await bench.createUser(app);
      await bench.createUser(owner);
      await bench.database
        .query(`CREATE SCHEMA of_${owner.username} AUTHORIZATION ${owner.username}; GRANT USAGE ON SCHEMA of_${owner.username} TO ${app.username};
        ALTER DEFAULT PRIVILEGES FOR ROLE ${owner.username} GRANT SELECT ON TABLES TO ${app.username}`);
      const arn = await bench.createSecret(bench.content(app));
      await bench.rotate(await bySuperuser(arn, app.username, 'alternating'), arn);
      await bench.as(owner, `CREATE TABLE of_${owner.username}.made (id int)`);
      expect(await bench.as(await bench.credentials(arn), `SELECT id FROM of_${owner.username}.made`)).toEqual([]);
    });

    test.each(['single', 'alternating'] as const)(
      'an administrator that may create users and administers this one is enough: %s',
      async (strategy) => {
        const [app, admin] = [user(), user()];
        await bench.createUser(admin, 'CREATEROLE');
        await bench.createUser(app);
        const arn = await bench.createSecret(bench.content(app));
        const rotating = await bySuperuser(arn, app.username, strategy, admin);
        if (version >= ADMIN_OPTION_SINCE) {
          const grant = `GRANT "${app.username}" TO <superuser> WITH ADMIN OPTION`;
          await expect(bench.rotate(rotating, arn)).rejects.toThrow(`an administrator has to run for it: ${grant}`);
          await bench.abandon(await bench.pendingOf(arn));
          await bench.database.query(grant.replace('<superuser>', `"${admin.username}"`));
        }
        for (let rotation = 0; rotation < 2; rotation++) {
          await bench.rotate(rotating, arn);
          expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
        }
      },
    );

    test('a user whose sessions act as another one changes its own password', async () => {
      const app = user();
      await bench.createUser(app);
      await bench.database.query(`CREATE ROLE owner_of_${app.username}; GRANT owner_of_${app.username} TO ${app.username}; ALTER `
        + `ROLE ${app.username} SET role = 'owner_of_${app.username}'`);
      const arn = await bench.createSecret(bench.content(app));
      await bench.rotate(bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts }), arn);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
      expect(await bench.worksFor(app)).toBe(false);
    });
  });
});
