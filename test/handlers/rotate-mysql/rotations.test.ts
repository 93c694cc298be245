import { MariadbServer } from '../../servers/mariadb-server';
import { MysqlPeer } from '../../servers/mysql-peer';
import { requireServer } from '../../servers/require-server';
import { MysqlBench } from '../support/mysql-bench';
import type { BenchRotation, Credentials } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const HOSTILE = 'we"ird`na\\me\' %s ü';

describe.each([
  { engine: 'mariadb', longest: 80, servers: ['mariadb', 'secrets-manager'] },
  { engine: 'mysql', longest: 32, servers: ['secrets-manager'] },
] as const)('$engine', ({ engine, longest, servers }) => {
  requireServer(...servers)('rotations', () => {
    let bench: MysqlBench;
    let serial = 0;
    const user = (username = `user${serial++}`): Credentials => ({ username, password: `first of ${username}` });

    beforeAll(async () => {
      bench = engine === 'mariadb'
        ? await MysqlBench.start(engine, async ({ good }) => MariadbServer.start({ certificate: good }))
        : await MysqlBench.start(engine, async ({ good }) => MysqlPeer.start(good));
    }, 60_000);

    afterAll(() => bench.stop());

    const proving = (): FunctionInProcess => bench.rotations.inProcess('rotate-mysql', { mode: 'prove', database: bench.facts });

    const superuser = async (arn: string, username: string, strategy: 'single' | 'alternating' | 'dualPassword', createWithRoles?: string[]): Promise<FunctionInProcess> =>
      bench.rotations.inProcess('rotate-mysql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSuperuserSecret(),
        bindings: [{ secret: arn, username, strategy, createWithRoles }],
      });

    const secretOf = async (credentials: Credentials, more = {}): Promise<string> => bench.rotations.createSecret(bench.content(credentials, more));

    /** A rotation, with what holds for every one. */
    const rotate = async (rotating: FunctionInProcess, arn: string): Promise<{ before: Credentials; after: Credentials; logins: number }> => {
      const before = await bench.rotations.credentials(arn);
      const logins = bench.database.logins('accepted');
      const { token } = await bench.rotations.rotate(rotating, arn);
      const counted = bench.database.logins('accepted') - logins;
      const after = await bench.rotations.credentials(arn);
      expect(after.password).not.toBe(before.password);
      expect([before, after].some(({ password }) => rotating.output().includes(password))).toBe(false);
      expect({ ...after, password: '', username: '' }).toEqual({ ...before, password: '', username: '' });
      expect(await bench.rotations.labels(arn)).toMatchObject({ AWSCURRENT: token });
      expect(await bench.rotations.labels(arn)).not.toHaveProperty('AWSPENDING');
      expect(await bench.worksFor(after)).toBe(true);
      return { before, after, logins: counted };
    };

    test('three in a row of a single user: two logins each', async () => {
      const app = user();
      await bench.database.createUser(app);
      const arn = await secretOf(app, { extra: ['kept'] });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, after, logins } = await rotate(proving(), arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(false);
        // MySQL takes only the password itself from a user that changes its own, and keeps it out of its logs.
        expect(bench.database.statements().includes(after.password)).toBe(engine === 'mysql');
      }
      expect(bench.database.logins('refused')).toBe(3);
    });

    test('three in a row of a single user by the superuser, which heals a value that does not work: no password in a statement', async () => {
      const app = user();
      await bench.database.createUser(app);
      const arn = await secretOf({ ...app, password: 'not the one' });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, after, logins } = await rotate(await superuser(arn, app.username, 'single'), arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(false);
        expect(bench.database.statements()).not.toContain(after.password);
      }
    });

    test('three in a row of alternating users: what clients hold keeps working', async () => {
      const app = user();
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const turns: string[] = [];
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, after, logins } = await rotate(await superuser(arn, app.username, 'alternating'), arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(true);
        expect(bench.database.statements()).not.toContain(after.password);
        turns.push(after.username);
      }
      expect(turns).toEqual([`${app.username}_clone`, app.username, `${app.username}_clone`]);
    });

    test.each(['single', 'alternating'] as const)('a user that does not exist is created, and only where that is allowed: %s', async (strategy) => {
      const app = user();
      const arn = await secretOf(app);
      await expect(bench.rotations.rotate(await superuser(arn, app.username, strategy), arn)).rejects.toThrow('does not say that it may be created');
      await bench.rotations.abandon(await bench.rotations.pendingOf(arn));
      const allowed = await superuser(arn, app.username, strategy, []);
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before } = await rotate(allowed, arn);
        expect(await bench.worksFor(before)).toBe(strategy === 'alternating' && rotation > 0);
      }
    });

    test.each(['single', 'alternating'] as const)('a hostile name: %s', async (strategy) => {
      const app = user(`${strategy[0]}${HOSTILE}`);
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const rotating = await superuser(arn, app.username, strategy);
      await rotate(rotating, arn);
      await rotate(rotating, arn);
    });

    test('a hostile name and passwords with every character prove themselves', async () => {
      const app = user(`own ${HOSTILE}`);
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const rotating = bench.rotations.inProcess('rotate-mysql', { mode: 'prove', database: bench.facts, password: { length: 41, excludeCharacters: '' } });
      await rotate(rotating, arn);
      await rotate(rotating, arn);
    });

    test('the longest names', async () => {
      const app = user('x'.repeat(longest - '_clone'.length));
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      await rotate(await superuser(arn, app.username, 'alternating'), arn);
      const longer = await secretOf({ username: `${app.username}x`, password: 'x' });
      await expect(bench.rotations.rotate(await superuser(longer, `${app.username}x`, 'alternating'), longer)).rejects.toThrow('characters that the server keeps');
    });

    test("the database's own administrator proves itself", async () => {
      const arn = await secretOf(bench.database.superuser);
      const { after } = await rotate(proving(), arn);
      Object.assign(bench.database.superuser, { password: after.password });
    });

    test.each(['single', 'alternating', 'prove'] as const)('each step twice, by processes that know nothing of each other: %s', async (strategy) => {
      const app = user();
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const rotation = await bench.rotations.begin(arn);
      for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
        for (let repeated = 0; repeated < 2; repeated++) {
          await bench.rotations.step(strategy === 'prove' ? proving() : await superuser(arn, app.username, strategy), rotation, step);
        }
      }
      expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
    });

    test('a rotation that was given up after the password was changed heals: the working version has no label', async () => {
      const app = user();
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const givenUp: BenchRotation = await bench.rotations.begin(arn);
      await bench.rotations.step(proving(), givenUp, 'createSecret');
      await bench.rotations.step(proving(), givenUp, 'setSecret');
      await bench.rotations.abandon(givenUp);
      const refused = bench.database.logins('refused');
      expect(await bench.worksFor(app)).toBe(false);
      await rotate(proving(), arn);
      expect(bench.database.logins('refused') - refused).toBeLessThanOrEqual(1 + 2);
    });

    test('three in a row with two passwords, and one that was given up between: the one that clients hold works', async () => {
      const app = user();
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const rotating = await superuser(arn, app.username, 'dualPassword');
      if (engine === 'mariadb') {
        await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('users of MariaDB have one password');
        return;
      }
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, after, logins } = await rotate(rotating, arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(true);
        expect(bench.database.statements()).not.toContain(after.password);
        const givenUp = await bench.rotations.begin(arn);
        await bench.rotations.step(rotating, givenUp, 'createSecret');
        await bench.rotations.step(rotating, givenUp, 'setSecret');
        await bench.rotations.step(rotating, givenUp, 'setSecret');
        await bench.rotations.abandon(givenUp);
        expect(await bench.worksFor(after)).toBe(true);
      }
      expect(await bench.worksFor(app)).toBe(false);
    });

    test.each([['host', 'elsewhere.example'], ['port', 1], ['engine', 'postgres']])('another %s is refused before anybody connects', async (field, value) => {
      const app = user();
      const arn = await bench.rotations.createSecret(bench.content(app, { [field]: value }));
      const logins = [bench.database.logins('accepted'), bench.database.logins('refused')];
      await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow(`${field} differ`);
      await expect(bench.rotations.rotate(await superuser(arn, app.username, 'single'), arn)).rejects.toThrow();
      expect([bench.database.logins('accepted'), bench.database.logins('refused')]).toEqual(logins);
    });

    test.each(['rdsadmin', 'mysql.sys', 'mariadb.sys', 'rds_superuser_role'])('a reserved user is not rotated: %s', async (username) => {
      const arn = await secretOf({ username, password: 'x' });
      await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow('is reserved');
    });

    test('neither is the superuser by itself', async () => {
      const { superuser: { username } } = bench.database;
      const arn = await secretOf(bench.database.superuser);
      await expect(bench.rotations.rotate(await superuser(arn, username, 'single'), arn)).rejects.toThrow('the user is the superuser itself');
    });

    test('a superuser that may not change users is told what it needs', async () => {
      const [app, weak] = [user(), user()];
      await bench.database.createUser(weak);
      await bench.database.createUser(app);
      const arn = await secretOf(app);
      const rotating = bench.rotations.inProcess('rotate-mysql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.rotations.createSecret(weak),
        bindings: [{ secret: arn, username: app.username, strategy: 'single' }],
      });
      await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('it needs CREATE USER on *.*, SELECT on mysql.*');
      expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: '1142' });
      expect(await bench.worksFor(app)).toBe(true);
    });
  });
});
