import { requireServer } from '../../servers/require-server';
import { RedshiftBench } from '../support/redshift-bench';
import type { Credentials } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const HOSTILE = 'we"ird; na\\me\' %s ü';
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

requireServer('postgresql-15', 'secrets-manager')('rotations in Amazon Redshift', () => {
  let bench: RedshiftBench;
  let serial = 0;
  const user = (username = `user${serial++}`): Credentials => ({ username, password: `First1of${username.length}` });

  beforeAll(async () => {
    bench = await RedshiftBench.start();
  }, 60_000);

  afterAll(() => bench.stop());

  /** A rotation, with what holds for every one. */
  const rotate = async (rotating: FunctionInProcess, arn: string): Promise<{ before: Credentials; after: Credentials; logins: number }> => {
    const before = await bench.rotations.credentials(arn);
    const logins = bench.database.logins('accepted');
    const { token } = await bench.rotations.rotate(rotating, arn);
    const counted = bench.database.logins('accepted') - logins;
    const after = await bench.rotations.credentials(arn);
    expect(after.password).not.toBe(before.password);
    expect([before, after].some(({ password }) => rotating.output().includes(password))).toBe(false);
    expect(bench.database.statements.join('\n')).not.toContain(after.password);
    expect({ ...after, password: '', username: '' }).toEqual({ ...before, password: '', username: '' });
    expect(await bench.rotations.labels(arn)).toMatchObject({ AWSCURRENT: token });
    expect(await bench.rotations.labels(arn)).not.toHaveProperty('AWSPENDING');
    expect(await bench.worksFor(after)).toBe(true);
    return { before, after, logins: counted };
  };

  test('three in a row of a single user: two logins each, none refused but the one that tells', async () => {
    const app = user();
    await bench.database.createUser(app);
    const arn = await bench.createSecret(app, { extra: ['kept'] });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, logins } = await rotate(bench.proving(), arn);
      expect(logins).toBe(2);
      expect(await bench.worksFor(before)).toBe(false);
    }
  });

  test('a user whose password is stored as SHA-256 signs in with a digest and has MD5 afterwards', async () => {
    const app = user();
    await bench.database.createDigestUser(app);
    const arn = await bench.createSecret(app);
    expect(await bench.worksFor({ ...app, password: 'Wrong1password' })).toBe(false);
    const { before } = await rotate(bench.proving(), arn);
    expect(await bench.worksFor(before)).toBe(false);
    const [row] = await bench.database.database.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [app.username]);
    expect(row.rolpassword).toMatch(/^md5[0-9a-f]{32}$/);
  });

  test('three in a row of a single user by the superuser, which heals a value that does not work', async () => {
    const app = user();
    await bench.database.createUser(app);
    const arn = await bench.createSecret({ ...app, password: 'Not1the1one' });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, logins } = await rotate(await bench.bySuperuser({ secret: arn, username: app.username, strategy: 'single' }), arn);
      expect(logins).toBe(2);
      expect(await bench.worksFor(before)).toBe(false);
    }
  });

  test('three in a row of alternating users: what clients hold keeps working, and each uses the tables of the other', async () => {
    const app = user('app');
    await bench.database.createUser(app);
    await bench.database.database.query('CREATE SCHEMA work AUTHORIZATION app');
    await bench.as('app', 'CREATE TABLE work.old (id int)');
    const arn = await bench.createSecret(app);
    const turns: string[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, after, logins } = await rotate(await bench.bySuperuser({ secret: arn, username: 'app', strategy: 'alternating' }), arn);
      expect(logins).toBe(2);
      expect(await bench.worksFor(before)).toBe(true);
      turns.push(after.username);
      await bench.as(after.username, `INSERT INTO work.old VALUES (${rotation}); CREATE TABLE work.table${rotation} (id int)`);
      for (const username of ['app', 'app_clone']) {
        await bench.as(username, `INSERT INTO work.table${rotation} VALUES (1)`);
        await bench.as(username, `UPDATE work.table${rotation} SET id = id + 1`);
      }
    }
    expect(turns).toEqual(['app_clone', 'app', 'app_clone']);
  });

  test.each(['single', 'alternating'] as const)('a user that does not exist is created with its roles, and only where that is allowed: %s', async (strategy) => {
    const app = user();
    const role = `readers of ${app.username}`;
    await bench.database.database.query(`CREATE ROLE "${role}"`);
    await bench.database.database.query('INSERT INTO redshift.roles VALUES ($1)', [role]);
    const arn = await bench.createSecret(app);
    const binding = { secret: arn, username: app.username, strategy };
    await expect(bench.rotations.rotate(await bench.bySuperuser(binding), arn)).rejects.toThrow('does not say that it may be created');
    await bench.rotations.abandon(await bench.rotations.pendingOf(arn));
    for (let rotation = 0; rotation < 3; rotation++) {
      const { after } = await rotate(await bench.bySuperuser({ ...binding, createWithRoles: [role] }), arn);
      const [row] = await bench.database.database.query('SELECT pg_has_role($1::name, $2::name, \'MEMBER\') AS member', [after.username, role]);
      expect(row).toEqual({ member: true });
    }
  });

  test.each([['single', `s${HOSTILE}`], ['alternating', `a${HOSTILE}`], ['alternating', 'y'.repeat(57)]] as const)('a name with every kind of character: %s, %j', async (strategy, username) => {
    const app = user(username);
    await bench.database.createUser(app);
    const arn = await bench.createSecret(app);
    const rotating = await bench.bySuperuser({ secret: arn, username, strategy });
    await rotate(rotating, arn);
    await rotate(rotating, arn);
  });

  test("the cluster's own administrator proves itself", async () => {
    const arn = await bench.createSecret(bench.database.superuser);
    const { after } = await rotate(bench.proving(), arn);
    Object.assign(bench.database.superuser, { password: after.password });
  });

  test.each(['single', 'alternating', 'prove'] as const)('each step twice, by processes that know nothing of each other: %s', async (strategy) => {
    const app = user();
    await bench.database.createUser(app);
    const arn = await bench.createSecret(app);
    const rotation = await bench.rotations.begin(arn);
    for (const step of STEPS) {
      for (let repeated = 0; repeated < 2; repeated++) {
        const rotating = strategy === 'prove' ? bench.proving() : await bench.bySuperuser({ secret: arn, username: app.username, strategy });
        await bench.rotations.step(rotating, rotation, step);
      }
    }
    expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
  });

  test('a rotation that was given up after the password was changed heals: the working version has no label', async () => {
    const app = user();
    await bench.database.createUser(app);
    const arn = await bench.createSecret(app);
    const givenUp = await bench.rotations.begin(arn);
    await bench.rotations.step(bench.proving(), givenUp, 'createSecret');
    await bench.rotations.step(bench.proving(), givenUp, 'setSecret');
    await bench.rotations.abandon(givenUp);
    const refused = bench.database.logins('refused');
    await rotate(bench.proving(), arn);
    expect(bench.database.logins('refused') - refused).toBeLessThanOrEqual(2);
  });

  test.each([['host', 'elsewhere.example'], ['port', 1], ['engine', 'postgres']])('another %s is refused before anybody connects', async (field, value) => {
    const app = user();
    const arn = await bench.createSecret(app, { [field]: value });
    const logins = [bench.database.logins('accepted'), bench.database.logins('refused')];
    await expect(bench.rotations.rotate(bench.proving(), arn)).rejects.toThrow(`${field} differ`);
    expect([bench.database.logins('accepted'), bench.database.logins('refused')]).toEqual(logins);
  });

  test('superusers are rotated by nobody else, directly or by a role', async () => {
    const [chief, secret] = [user(), user()];
    await bench.database.createUser(chief, 'SUPERUSER');
    await bench.database.createUser(secret);
    await bench.database.database.query(`CREATE ROLE "sys:superuser"; CREATE ROLE outer_role; GRANT "sys:superuser" TO outer_role; GRANT outer_role TO ${secret.username};
      INSERT INTO redshift.roles VALUES ('sys:superuser'), ('outer_role')`);
    for (const { username, password } of [chief, secret]) {
      const arn = await bench.createSecret({ username, password });
      for (const strategy of ['single', 'alternating'] as const) {
        await expect(bench.rotations.rotate(await bench.bySuperuser({ secret: arn, username, strategy }), arn)).rejects.toThrow('is a superuser of the cluster');
        await bench.rotations.abandon(await bench.rotations.pendingOf(arn));
      }
      expect(await bench.worksFor({ username, password })).toBe(true);
    }
  });

  test('neither is the superuser by itself', async () => {
    const arn = await bench.createSecret(bench.database.superuser);
    const rotating = await bench.bySuperuser({ secret: arn, username: bench.database.superuser.username, strategy: 'single' });
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('the user is the superuser itself');
  });

  test("somebody else's user is not taken for an alternate one", async () => {
    const app = user();
    const other = { username: `${app.username}_clone`, password: 'Another1users' };
    await bench.database.createUser(app);
    await bench.database.createUser(other);
    const arn = await bench.createSecret(app);
    const rotating = await bench.bySuperuser({ secret: arn, username: app.username, strategy: 'alternating' });
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('not one that this function made');
    expect(await bench.worksFor(other)).toBe(true);
  });

  test('a superuser that is none is told so', async () => {
    const [app, weak] = [user(), user()];
    await bench.database.createUser(weak);
    await bench.database.createUser(app);
    const arn = await bench.createSecret(app);
    const rotating = await bench.bySuperuser({ secret: arn, username: app.username, strategy: 'single' }, weak);
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toThrow('it has to be a superuser of the cluster');
    expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: '42501' });
    expect(await bench.worksFor(app)).toBe(true);
  });
});
