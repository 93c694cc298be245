import { requireServer } from '../../servers/require-server';
import { type Credentials, RotationBench } from '../support/rotation-bench';
import type { RotationFunction } from '../support/rotation-function';

const SINGLE_USER_CALLS = [
  'DescribeSecret', 'GetSecretValue', 'PutSecretValue',
  'DescribeSecret',
  'DescribeSecret',
  'DescribeSecret', 'UpdateSecretVersionStage', 'UpdateSecretVersionStage',
];
const SUPERUSER_CALLS = [...SINGLE_USER_CALLS.slice(0, 4), 'GetSecretValue', ...SINGLE_USER_CALLS.slice(4)];
const HOSTILE = 'we"ird\'na\\me %s ;--ü';

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`, 'secrets-manager')('rotations', () => {
    let bench: RotationBench;
    let serial = 0;
    const user = (username = `user${serial++}`): Credentials => ({ username, password: `first 'password" of ${username}` });

    beforeAll(async () => {
      bench = await RotationBench.start({ version, settings: { log_statement: 'all', log_connections: 'on' } });
    }, 60_000);

    afterAll(() => bench.stop());

    beforeEach(() => bench.guard.reset());

    /** A rotation, with what holds for every one. */
    const rotate = async (rotating: RotationFunction, arn: string): Promise<{ before: Credentials; after: Credentials; logins: number }> => {
      const before = await bench.credentials(arn);
      const logins = bench.logins();
      bench.guard.reset();
      const { token } = await bench.rotate(rotating, arn);
      const calls = bench.guard.calls.map(({ action }) => action);
      const after = await bench.credentials(arn);
      expect(after.password).not.toBe(before.password);
      expect({ ...after, password: '', username: '' }).toEqual({ ...before, password: '', username: '' });
      expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
      expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
      expect(bench.database.log()).not.toContain(after.password);
      const counted = bench.logins() - logins;
      expect(await bench.worksFor(after)).toBe(true);
      bench.guard.calls.length = 0;
      expect(calls.length).toBeLessThanOrEqual(9);
      expect(calls).toEqual(calls.length === SINGLE_USER_CALLS.length ? SINGLE_USER_CALLS : SUPERUSER_CALLS);
      return { before, after, logins: counted };
    };

    test('three in a row of a single user: at most nine calls and two logins each', async () => {
      const app = user();
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app, { extra: ['kept'] }));
      const rotating = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, logins } = await rotate(rotating, arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(false);
      }
    });

    test('three in a row of a single user by the superuser, which heals a value that does not work', async () => {
      const app = user();
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content({ ...app, password: 'not the one' }));
      const rotating = bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSuperuserSecret(),
        bindings: [{ secret: arn, username: app.username, strategy: 'single' }],
      });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, logins } = await rotate(rotating, arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(false);
      }
    });

    test('three in a row of alternating users: what clients hold keeps working, and both users share what either makes', async () => {
      const app = user('app');
      await bench.createUser(app);
      await bench.database.query('CREATE SCHEMA work AUTHORIZATION app');
      const arn = await bench.createSecret(bench.content(app));
      const rotating = bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSuperuserSecret(),
        bindings: [{ secret: arn, username: 'app', strategy: 'alternating' }],
      });
      const turns: string[] = [];
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, after, logins } = await rotate(rotating, arn);
        expect(logins).toBeLessThanOrEqual(3);
        expect(await bench.worksFor(before)).toBe(true);
        turns.push(after.username);
        await bench.as(after, `CREATE TABLE work.table${rotation} (id int)`);
        for (const credentials of [before, after]) {
          await bench.as(credentials, `INSERT INTO work.table${rotation} VALUES (1)`);
        }
      }
      expect(turns).toEqual(['app_clone', 'app', 'app_clone']);
      expect(await bench.database.query("SELECT DISTINCT tableowner::text AS owner FROM pg_tables WHERE schemaname = 'work'")).toEqual([{ owner: 'app' }]);
    });

    test('by an administrator that is no superuser', async () => {
      const app = user();
      const admin = user();
      await bench.createUser(admin, 'CREATEROLE');
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      const rotating = bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSecret(admin),
        bindings: [{ secret: arn, username: app.username, strategy: 'alternating' }],
      });
      if (version === 18) {
        // The alternate user does not exist yet: nobody can be given a right on it.
        await expect(bench.rotate(rotating, arn)).rejects.toThrow(new RegExp(`run for it: GRANT "${app.username}" TO <superuser> WITH ADMIN OPTION \\(42501\\)$`));
        expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: '42501' });
        await bench.abandon(await bench.pendingOf(arn));
        await bench.database.query(`GRANT "${app.username}" TO "${admin.username}" WITH ADMIN OPTION`);
      }
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before } = await rotate(rotating, arn);
        expect(await bench.worksFor(before)).toBe(true);
      }
    });

    test('without CREATEROLE the administrator is told what is missing', async () => {
      const [app, admin] = [user(), user()];
      await bench.createUser(admin);
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      const rotating = bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSecret(admin),
        bindings: [{ secret: arn, username: app.username, strategy: 'single' }],
      });
      await expect(bench.rotate(rotating, arn)).rejects.toThrow('it needs CREATEROLE');
      expect(await bench.worksFor(app)).toBe(true);
    });

    test.each(['single', 'alternating'] as const)('a user that does not exist is created with its roles, and only where that is allowed: %s', async (strategy) => {
      const app = user();
      const role = `readers of ${app.username}`;
      await bench.database.query(`CREATE ROLE "${role}"`);
      const arn = await bench.createSecret(bench.content(app));
      const options = { mode: 'superuser', database: bench.facts, superuserSecret: await bench.createSuperuserSecret() } as const;
      const binding = { secret: arn, username: app.username, strategy };
      const forbidden = bench.inProcess('rotate-postgresql', { ...options, bindings: [binding] });
      await expect(bench.rotate(forbidden, arn)).rejects.toThrow('does not say that it may be created');
      expect(await bench.database.query('SELECT FROM pg_roles WHERE rolname = $1', [app.username])).toEqual([]);
      await bench.abandon(await bench.pendingOf(arn));
      const allowed = bench.inProcess('rotate-postgresql', { ...options, bindings: [{ ...binding, createWithRoles: [role] }] });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { after } = await rotate(allowed, arn);
        expect(await bench.as(after, 'SELECT pg_has_role($1, \'MEMBER\') AS member', [role])).toEqual([{ member: true }]);
      }
    });

    test('a user whose sessions act as another one changes its own password', async () => {
      const [app, owner] = [user(), `owner${serial++}`];
      await bench.createUser(app);
      await bench.database.query(`CREATE ROLE ${owner}`);
      await bench.database.query(`GRANT ${owner} TO "${app.username}"`);
      await bench.database.query(`ALTER ROLE "${app.username}" SET role = '${owner}'`);
      const arn = await bench.createSecret(bench.content(app));
      const rotating = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts });
      await rotate(rotating, arn);
      await rotate(rotating, arn);
      expect(await bench.as(await bench.credentials(arn), 'SELECT session_user::text AS session, current_user::text AS current'))
        .toEqual([{ session: app.username, current: owner }]);
    });

    test('a user that only reads by default', async () => {
      const app = user();
      await bench.createUser(app);
      await bench.database.query(`ALTER ROLE "${app.username}" SET default_transaction_read_only = on`);
      const arn = await bench.createSecret(bench.content(app));
      await rotate(bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts }), arn);
    });

    test.each([
      ['single', `s${HOSTILE}`], ['alternating', `a${HOSTILE}`], ['single', 'x'.repeat(63)], ['alternating', 'y'.repeat(57)], ['single', 'a\nb\x1b[31mc'],
    ] as const)('a name with every kind of character: %s, %j', async (strategy, username) => {
      const app = user(username);
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      const rotating = bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSuperuserSecret(),
        bindings: [{ secret: arn, username, strategy }],
      });
      await rotate(rotating, arn);
      await rotate(rotating, arn);
    });

    test('a hostile name and password prove themselves', async () => {
      const app = user(`own ${HOSTILE}`);
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      await rotate(bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts }), arn);
    });

    test('passwords with every character', async () => {
      const app = user();
      await bench.createUser(app);
      const arn = await bench.createSecret(bench.content(app));
      for (const plainPasswordStatement of [false, true]) {
        const database = { ...bench.facts, plainPasswordStatement };
        const rotating = bench.inProcess('rotate-postgresql', { mode: 'prove', database, password: { length: 90, excludeCharacters: '' } });
        await bench.rotate(rotating, arn);
        const after = await bench.credentials(arn);
        expect(await bench.worksFor(after)).toBe(true);
      }
    });

    test("the database's own administrator proves itself", async () => {
      const { superuser } = bench.database;
      const arn = await bench.createSecret(bench.content(superuser));
      const { after } = await rotate(bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts }), arn);
      bench.database.superuser.password = after.password;
    });
  });
});
