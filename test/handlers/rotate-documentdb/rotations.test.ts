import type { Product } from '../../servers/mongodb-accounts';
import { requireServer } from '../../servers/require-server';
import { MongodbBench } from '../support/mongodb-bench';
import { type BenchRotation, type Credentials, STEPS } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const HOSTILE = 'we"ird.na\\me\' %s =,ü';

describe.each<Product>(['documentdb', 'mongodb'])('%s', (product) => {
  requireServer('secrets-manager')('rotations', () => {
    let bench: MongodbBench;
    let serial = 0;

    beforeAll(async () => {
      bench = await MongodbBench.start(product);
    }, 60_000);

    afterAll(() => bench.stop());

    const user = (username = `user${serial++}`): Credentials => {
      const credentials = { username, password: `first of ${username}` };
      bench.database.accounts.add(username, credentials.password, { roles: [{ role: 'readWrite', db: 'orders' }, { role: 'rotates_itself', db: 'admin' }] });
      return credentials;
    };

    const proving = (): FunctionInProcess => bench.rotations.inProcess('rotate-documentdb', { mode: 'prove', database: bench.facts });

    const superuser = async (arn: string, username: string, strategy: 'single' | 'alternating' | 'dualPassword', createWithRoles?: string[]): Promise<FunctionInProcess> =>
      bench.rotations.inProcess('rotate-documentdb', await bench.superuserOptions(arn, username, strategy, createWithRoles));

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
      const arn = await secretOf(app, { dbname: 'orders', extra: ['kept'] });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, logins } = await rotate(proving(), arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(false);
      }
      expect(bench.database.logins('refused')).toBe(3);
    }, 20_000);

    test('three in a row of a single user by the superuser, which heals a value that does not work', async () => {
      const app = user();
      const arn = await secretOf({ ...app, password: 'not the one' });
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, logins } = await rotate(await superuser(arn, app.username, 'single'), arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(false);
      }
    });

    test('three in a row of alternating users: what clients hold keeps working', async () => {
      const app = user();
      const arn = await secretOf(app);
      const turns: string[] = [];
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before, after, logins } = await rotate(await superuser(arn, app.username, 'alternating'), arn);
        expect(logins).toBe(2);
        expect(await bench.worksFor(before)).toBe(true);
        turns.push(after.username);
      }
      expect(turns).toEqual([`${app.username}_clone`, app.username, `${app.username}_clone`]);
      expect(bench.database.accounts.find(turns[0], 'admin')!.roles).toEqual(bench.database.accounts.find(app.username, 'admin')!.roles);
    });

    test.each(['single', 'alternating'] as const)('a user that does not exist is created, and only where that is allowed: %s', async (strategy) => {
      const app = { username: `new_${strategy}`, password: 'of nobody' };
      const arn = await secretOf(app);
      await expect(bench.rotations.rotate(await superuser(arn, app.username, strategy), arn)).rejects.toThrow('does not say that it may be created');
      await bench.rotations.abandon(await bench.rotations.pendingOf(arn));
      const allowed = await superuser(arn, app.username, strategy, ['readWrite@orders']);
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before } = await rotate(allowed, arn);
        expect(await bench.worksFor(before)).toBe(strategy === 'alternating' && rotation > 0);
      }
    });

    test.each(['single', 'alternating', 'prove'] as const)('a hostile name and passwords with every character: %s', async (strategy) => {
      const app = user(`${strategy[0]}${HOSTILE}`);
      const arn = await secretOf(app);
      const options = strategy === 'prove' ? { mode: 'prove' as const, database: bench.facts } : await bench.superuserOptions(arn, app.username, strategy);
      const rotating = bench.rotations.inProcess('rotate-documentdb', { ...options, password: { length: 100, excludeCharacters: '' } });
      for (let rotation = 0; rotation < 2; rotation++) {
        await bench.rotations.rotate(rotating, arn);
        const { username, password } = await bench.rotations.credentials(arn);
        // The driver writes such names wrongly, so that it cannot be asked whether they sign in.
        expect(password).toHaveLength(100);
        expect(bench.database.accounts.find(username, 'admin')).toBeDefined();
      }
    });

    test('the longest names', async () => {
      const app = user('x'.repeat(63 - '_clone'.length));
      const arn = await secretOf(app);
      await rotate(await superuser(arn, app.username, 'alternating'), arn);
      const longer = await secretOf({ username: `${app.username}x`, password: 'x' });
      await expect(bench.rotations.rotate(await superuser(longer, `${app.username}x`, 'alternating'), longer)).rejects.toThrow('longer than 63 bytes');
    });

    test("the database's own administrator proves itself", async () => {
      const arn = await secretOf(bench.database.superuser);
      const { after } = await rotate(proving(), arn);
      Object.assign(bench.database.superuser, { password: after.password });
    });

    test.each(['single', 'alternating', 'prove'] as const)('each step twice, by processes that know nothing of each other: %s', async (strategy) => {
      const app = user();
      const arn = await secretOf(app);
      const rotation = await bench.rotations.begin(arn);
      for (const step of STEPS) {
        for (let repeated = 0; repeated < 2; repeated++) {
          await bench.rotations.step(strategy === 'prove' ? proving() : await superuser(arn, app.username, strategy), rotation, step);
        }
      }
      expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
    });

    if (product === 'documentdb') {
      // The two differ in what they say to a login, of which Amazon DocumentDB says more.
      test.each(['alternating', 'prove'] as const)('the server does what it is told and breaks off, at each command in turn, and the step is run again: %s', async (strategy) => {
        const app = user();
        const arn = await secretOf(app);
        const rotating = async (): Promise<FunctionInProcess> => strategy === 'prove' ? proving() : superuser(arn, app.username, strategy);
        const { commands } = bench.database;
        // Steps in which there is something to break off; the longer has at most so many commands.
        const longest = strategy === 'alternating' ? 10 : 8;
        let cut = 0;
        for (let at = 1; at <= longest; at++) {
          const rotation = await bench.rotations.begin(arn);
          let running = await rotating();
          await bench.rotations.step(running, rotation, 'createSecret');
          for (const step of ['setSecret', 'testSecret'] as const) {
            bench.database.cutAt = commands.length + at;
            await bench.rotations.step(running, rotation, step).catch(() => undefined);
            cut += bench.database.cutAt === Infinity ? 1 : 0;
            bench.database.cutAt = Infinity;
            running = await rotating();
            await bench.rotations.step(running, rotation, step);
          }
          await bench.rotations.step(running, rotation, 'finishSecret');
          expect(await bench.rotations.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
          expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
        }
        expect(cut).toBeGreaterThan(longest);
      }, 60_000);
    }

    test('a rotation that was given up after the password was changed heals: the working version has no label', async () => {
      const app = user();
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

    test.each([['host', 'elsewhere.example'], ['port', 1], ['engine', 'postgres']])('another %s is refused before anybody connects', async (field, value) => {
      const app = user();
      const arn = await bench.rotations.createSecret(bench.content(app, { [field]: value }));
      const { connections } = bench.database;
      await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow(`${field} differ`);
      await expect(bench.rotations.rotate(await superuser(arn, app.username, 'single'), arn)).rejects.toThrow();
      expect(bench.database.connections).toBe(connections);
    });

    test.each(['serviceadmin', 'rdsadmin', '__system'])('a reserved user is not rotated: %s', async (username) => {
      const arn = await secretOf({ username, password: 'x' });
      await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow('is reserved');
    });

    test('users have one password', async () => {
      const app = user();
      const arn = await secretOf(app);
      await expect(bench.rotations.rotate(await superuser(arn, app.username, 'dualPassword'), arn)).rejects.toThrow('have one password');
      expect(await bench.worksFor(app)).toBe(true);
    });

    test('a superuser that may not change users is told what it needs', async () => {
      const [app, weak] = [user(), user()];
      const arn = await secretOf(app);
      const rotating = bench.rotations.inProcess('rotate-documentdb', {
        ...await bench.superuserOptions(arn, app.username, 'single'), superuserSecret: await bench.rotations.createSecret(weak),
      });
      await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('it needs the role userAdminAnyDatabase, or root');
      expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: '13' });
      expect(rotating.output()).not.toContain('canary');
      expect(await bench.worksFor(app)).toBe(true);
    });
  });
});
