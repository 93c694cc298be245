import type { UserBinding } from '../../../src/contract/handler-contract';
import { requireServer } from '../../servers/require-server';
import { type BenchRotation, type Credentials, STEPS } from '../support/rotation-bench';
import type { RotationFunction } from '../support/rotation-function';
import { SqlserverBench } from '../support/sqlserver-bench';

const HOSTILE = "]; DROP LOGIN app; -- ' %s ü😀\n";
const CANARY = 'Canary';

requireServer('secrets-manager')('rotations of SQL Server', () => {
  let bench: SqlserverBench;
  let serial = 0;

  beforeAll(async () => {
    bench = await SqlserverBench.start();
    bench.database.accounts.addDatabase('personnel');
    bench.database.accounts.addDatabase('contained', { contained: true });
  }, 60_000);

  afterAll(() => bench.stop());

  beforeEach(() => bench.rotations.guard.reset());

  const user = (username = `user${serial++}`): Credentials => ({ username, password: `${CANARY} 1st "password"` });
  const created = async (username?: string): Promise<Credentials> => {
    const app = user(username);
    await bench.database.createUser(app);
    return app;
  };
  const secretOf = async (credentials: Credentials, more = {}): Promise<string> => bench.rotations.createSecret(bench.content(credentials, more));
  const proving = (): RotationFunction => bench.rotations.inProcess('rotate-sqlserver', { mode: 'prove', database: bench.facts });
  const superuser = async (
    secret: string, username: string, strategy: UserBinding['strategy'], options: { createWithRoles?: string[]; databaseName?: string } = {},
  ) => bench.rotations.inProcess('rotate-sqlserver', {
    mode: 'superuser',
    database: { ...bench.facts, databaseName: options.databaseName },
    superuserSecret: await bench.createSuperuserSecret(),
    bindings: [{ secret, username, strategy, createWithRoles: options.createWithRoles }],
  });
  const seen = (): number => bench.database.logins('accepted') + bench.database.logins('refused');

  /** A whole rotation, with what must be true after each. */
  const rotate = async (rotating: RotationFunction, arn: string): Promise<{ before: Credentials; after: Credentials; logins: number }> => {
    const before = await bench.rotations.credentials(arn);
    const logins = seen();
    const { token } = await bench.rotations.rotate(rotating, arn);
    const counted = seen() - logins;
    const after = await bench.rotations.credentials(arn);
    expect({ ...after, password: '', username: '' }).toEqual({ ...before, password: '', username: '' });
    expect(await bench.rotations.labels(arn)).toMatchObject({ AWSCURRENT: token });
    expect(await bench.rotations.labels(arn)).not.toHaveProperty('AWSPENDING');
    expect(await bench.worksFor(after)).toBe(true);
    expect(rotating.output()).not.toContain(CANARY);
    expect(rotating.output()).not.toContain(after.password);
    return { before, after, logins: counted };
  };

  test('three in a row of a single user: two logins each', async () => {
    const arn = await secretOf(await created(), { extra: ['kept'] });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, logins } = await rotate(proving(), arn);
      expect(logins).toBe(2);
      expect(await bench.worksFor(before)).toBe(false);
    }
  });

  test('three in a row of a single user by the superuser, which heals a value that does not work', async () => {
    const app = await created();
    const arn = await secretOf({ ...app, password: 'not the one' });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, logins } = await rotate(await superuser(arn, app.username, 'single'), arn);
      expect(logins).toBe(2);
      expect(await bench.worksFor(before)).toBe(false);
    }
  });

  test('three in a row of alternating users: what clients hold keeps working, with the same rights', async () => {
    const app = await created();
    const { sid } = bench.database.accounts.login(app.username);
    bench.database.accounts.addUser('personnel', 'mapped name', { sid, roles: ['db_datareader'], defaultSchema: 'app' });
    const arn = await secretOf(app, { dbname: 'personnel' });
    const turns: string[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, after, logins } = await rotate(await superuser(arn, app.username, 'alternating'), arn);
      expect(logins).toBe(2);
      expect(await bench.worksFor(before, 'personnel')).toBe(true);
      expect(await bench.worksFor(after, 'personnel')).toBe(true);
      turns.push(after.username);
    }
    expect(turns).toEqual([`${app.username}_clone`, app.username, `${app.username}_clone`]);
    expect(bench.database.accounts.user('personnel', `${app.username}_clone`)).toMatchObject({ roles: ['db_datareader'], defaultSchema: 'app' });
  });

  test.each(['single', 'alternating', 'prove'] as const)('three in a row of a user that is contained in its database: %s', async (strategy) => {
    const app = user();
    bench.database.accounts.addUser('contained', app.username, { password: app.password });
    const arn = await secretOf(app, { dbname: 'contained' });
    for (let rotation = 0; rotation < 3; rotation++) {
      const rotating = strategy === 'prove' ? proving() : await superuser(arn, app.username, strategy, { databaseName: 'contained' });
      await bench.rotations.rotate(rotating, arn);
      expect(await bench.worksFor(await bench.rotations.credentials(arn), 'contained')).toBe(true);
    }
    expect(bench.database.accounts.logins.some(({ name }) => name.startsWith(app.username))).toBe(false);
  });

  test.each(['single', 'alternating'] as const)('a user that does not exist is created, and only where that is allowed: %s', async (strategy) => {
    const app = user();
    const arn = await secretOf(app, { dbname: 'personnel' });
    await expect(bench.rotations.rotate(await superuser(arn, app.username, strategy), arn)).rejects.toThrow('does not say that it may be created');
    await bench.rotations.abandon(await bench.rotations.pendingOf(arn));
    const allowed = await superuser(arn, app.username, strategy, { createWithRoles: ['db_datareader'], databaseName: 'personnel' });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before } = await rotate(allowed, arn);
      expect(await bench.worksFor(before, 'personnel')).toBe(strategy === 'alternating' && rotation > 0);
    }
    expect(bench.database.accounts.user('personnel', app.username).roles).toEqual(['db_datareader']);
  });

  test.each(['single', 'alternating', 'prove'] as const)('a hostile name and password: %s', async (strategy) => {
    const app = { username: `${strategy[0]}${HOSTILE}`, password: `'; DROP LOGIN app; -- ]😀Aa1 ${CANARY}` };
    await bench.database.createUser(app);
    const { sid } = bench.database.accounts.login(app.username);
    bench.database.accounts.addUser('personnel', app.username, { sid, roles: ["it's; a [role]"] });
    const arn = await secretOf(app);
    const rotating = strategy === 'prove' ? bench.rotations.inProcess('rotate-sqlserver', { mode: 'prove', database: bench.facts, password: { length: 128, excludeCharacters: '' } })
      : await superuser(arn, app.username, strategy);
    await rotate(rotating, arn);
    await rotate(rotating, arn);
  });

  test('the longest names', async () => {
    const app = await created('x'.repeat(128 - '_clone'.length));
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
    const app = await created();
    const arn = await secretOf(app);
    const rotation = await bench.rotations.begin(arn);
    for (const step of STEPS) {
      for (let repeated = 0; repeated < 2; repeated++) {
        await bench.rotations.step(strategy === 'prove' ? proving() : await superuser(arn, app.username, strategy), rotation, step);
      }
    }
    expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
  });

  test.each(['single', 'prove'] as const)('the connection is cut after each answer in turn, and another process finishes: %s', async (strategy) => {
    for (let answers = 0, cut = true; cut; answers++) {
      const app = await created();
      const arn = await secretOf(app);
      const make = async (): Promise<RotationFunction> => strategy === 'prove' ? proving() : superuser(arn, app.username, strategy);
      const rotation = await bench.rotations.begin(arn);
      await bench.rotations.step(await make(), rotation, 'createSecret');
      bench.database.cutAfter = answers;
      await bench.rotations.step(await make(), rotation, 'setSecret').catch((error: unknown) => expect(error).toMatchObject({ errorClass: 'network' }));
      cut = bench.database.cutAfter < 0;
      bench.database.cutAfter = Infinity;
      for (const step of STEPS.slice(1)) {
        await bench.rotations.step(await make(), rotation, step);
      }
      expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
    }
  }, 60_000);

  test('what the server is told as the old password is what has let the function in: AWSPREVIOUS, say', async () => {
    const app = await created();
    const arn = await secretOf(app);
    await rotate(proving(), arn);
    const { password } = await bench.rotations.credentials(arn, 'AWSPREVIOUS');
    bench.database.accounts.login(app.username).password = password;
    const said = bench.database.statements().length;
    await rotate(proving(), arn);
    expect(bench.database.statements().slice(said)).toContain(`OLD_PASSWORD = N'${password}'`);
  });

  test('a rotation that was given up after the password was changed heals: the working version has no label', async () => {
    const app = await created();
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

  test('two passwords at once are refused', async () => {
    const app = await created();
    const arn = await secretOf(app);
    await expect(bench.rotations.rotate(await superuser(arn, app.username, 'dualPassword'), arn)).rejects.toThrow('users of SQL Server have one password');
  });

  test.each([['host', 'elsewhere.example'], ['port', 1], ['engine', 'postgres']])('another %s is refused before anybody connects', async (field, value) => {
    const app = user();
    const arn = await secretOf(app, { [field]: value });
    const { connections } = bench.database;
    await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow(`${field} differ`);
    await expect(bench.rotations.rotate(await superuser(arn, app.username, 'single'), arn)).rejects.toThrow();
    expect(bench.database.connections).toBe(connections);
  });

  test.each(['sa', 'rdsa', '##MS_x##', 'NT AUTHORITY\\SYSTEM'])('a reserved user is not rotated: %s', async (username) => {
    const { connections } = bench.database;
    const arn = await secretOf({ username, password: 'x' });
    await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow('is not rotated');
    expect(bench.database.connections).toBe(connections);
  });

  test('neither is the superuser by itself', async () => {
    const { superuser: { username } } = bench.database;
    const arn = await secretOf(bench.database.superuser);
    await expect(bench.rotations.rotate(await superuser(arn, username, 'single'), arn)).rejects.toThrow('the user is the superuser itself');
  });

  test('a user whose name the server has in other letters is another one', async () => {
    const app = await created('Accounting');
    const arn = await secretOf({ ...app, username: 'accounting' });
    await expect(bench.rotations.rotate(proving(), arn)).rejects.toThrow('signed in another user than the secret names');
    expect(await bench.worksFor(app)).toBe(true);
  });

  test('why the server refuses a password is said without the password', async () => {
    const app = await created();
    const arn = await secretOf(app);
    const rotating = bench.rotations.inProcess('rotate-sqlserver', { mode: 'prove', database: bench.facts, password: { length: 20, excludeCharacters: '0123456789', excludePunctuation: true } });
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({ errorClass: 'configuration', code: '15118' });
    const made = await bench.rotations.credentials(arn, 'AWSPENDING');
    expect(rotating.output()).not.toContain(made.password);
    expect(await bench.worksFor(app)).toBe(true);
  });

  test('a superuser that may not change users is told what it needs', async () => {
    const [weak, app] = [await created(), await created()];
    const arn = await secretOf(app);
    const rotating = bench.rotations.inProcess('rotate-sqlserver', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret: await bench.rotations.createSecret(weak),
      bindings: [{ secret: arn, username: app.username, strategy: 'single', createWithRoles: [] }],
    });
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('it needs ALTER ANY LOGIN');
    expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: '15247' });
    expect(rotating.output()).not.toContain(CANARY);
    expect(await bench.worksFor(app)).toBe(true);
  });
});
