import { databaseRotation } from '../../../handlers/database/database-strategy';
import { OracleTarget } from '../../../handlers/rotate-oracle/oracle-target';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/handler-contract';
import { requireServer } from '../../servers/require-server';
import { OracleCatalogue } from '../support/oracle-catalogue';
import { type Credentials, RotationBench, STEPS } from '../support/rotation-bench';
import { rotationEnvironment } from '../support/rotation-environment';
import { FunctionInProcess } from '../support/rotation-function';

const FACTS: DatabaseFacts = { engine: 'oracle', host: 'db.example', port: 1521, tlsPort: 2484, databaseName: 'ORCL' };
const PASSWORD = { length: 30, excludeCharacters: '/@"\'\\&' };
const ADMIN = { username: 'admin', password: 'of the administrator' };

/** Behind the driver's seam: whatever is here of the database is a catalogue of our own. */
requireServer('secrets-manager')('rotations', () => {
  let bench: RotationBench;
  let catalogue: OracleCatalogue;
  let superuserSecret: string;
  let serial = 0;

  beforeAll(async () => {
    bench = await RotationBench.start();
    superuserSecret = await bench.createSecret(ADMIN);
  }, 60_000);

  afterAll(() => bench.stop());

  beforeEach(() => {
    catalogue = new OracleCatalogue();
    catalogue.add('ADMIN', ADMIN.password, { administrator: true });
  });

  const user = (username = `app${serial++}`): Credentials => ({ username, password: `first of ${username.replaceAll('"', '')}` });
  const secretOf = async (credentials: Credentials, more = {}): Promise<string> =>
    bench.createSecret({ engine: 'oracle', host: 'db.example', port: 1521, dbname: 'ORCL', ...credentials, ...more });

  const functionOf = (bindings?: UserBinding[]): FunctionInProcess => new FunctionInProcess('rotate-oracle',
    rotationEnvironment(bench.guard, { mode: bindings ? 'superuser' : 'prove', bindings, superuserSecret, database: FACTS, password: PASSWORD }),
    20_000, { strategy: databaseRotation((facts) => new OracleTarget(facts, catalogue.logInto)) });

  const superuser = (secret: string, username: string, strategy: 'single' | 'alternating', createWithRoles?: string[]): FunctionInProcess =>
    functionOf([{ secret, username, strategy, createWithRoles }]);

  /** A rotation, with what holds for every one. */
  const rotate = async (rotating: FunctionInProcess, arn: string): Promise<{ before: Credentials; after: Credentials; logins: number }> => {
    const before = await bench.credentials(arn);
    const logins = catalogue.logins.length;
    const { token } = await bench.rotate(rotating, arn);
    const after = await bench.credentials(arn);
    expect(after.password).toHaveLength(30);
    expect(after.password).not.toBe(before.password);
    expect([before, after].some(({ password }) => rotating.output().includes(password))).toBe(false);
    expect({ ...after, password: '', username: '' }).toEqual({ ...before, password: '', username: '' });
    expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
    expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
    const name = after.username.startsWith('"') ? after.username.slice(1, -1) : after.username.toUpperCase();
    expect(catalogue.users.get(name)?.password).toBe(after.password);
    expect(catalogue.open).toBe(0);
    return { before, after, logins: catalogue.logins.length - logins };
  };

  test('three in a row of a single user: two logins each, with the password that is replaced', async () => {
    const app = user('app');
    catalogue.add('APP', app.password, { history: [] });
    const arn = await secretOf(app, { extra: ['kept'] });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, after, logins } = await rotate(functionOf(), arn);
      expect(logins).toBe(2);
      expect(catalogue.statements).toEqual([`ALTER USER "APP" IDENTIFIED BY "${after.password}" REPLACE "${before.password}"`]);
      catalogue.statements.length = 0;
    }
  });

  test('three in a row of a single user by the superuser, which heals a value that does not work', async () => {
    const app = user('app');
    catalogue.add('APP', app.password, { history: [] });
    const arn = await secretOf({ ...app, password: 'not the one' });
    for (let rotation = 0; rotation < 3; rotation++) {
      const { after, logins } = await rotate(superuser(arn, 'app', 'single'), arn);
      expect(logins).toBe(2);
      expect(catalogue.statements).toEqual([`ALTER USER "APP" IDENTIFIED BY "${after.password}"`]);
      catalogue.statements.length = 0;
    }
  });

  test('three in a row of alternating users: what clients hold keeps working, and the rights are those of the base', async () => {
    const app = user('app');
    const base = catalogue.add('APP', app.password);
    base.rights.push({ privilege: 'SELECT', owner: 'SHOP', name: 'ORDERS', option: true }, { role: 'READER' });
    const arn = await secretOf(app);
    const turns: string[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      const { before, after, logins } = await rotate(superuser(arn, 'app', 'alternating'), arn);
      expect(logins).toBe(2);
      expect(catalogue.users.get(before.username.toUpperCase())?.password).toBe(before.password);
      turns.push(after.username);
      base.rights.push({ privilege: 'INSERT', owner: 'SHOP', name: `SINCE_${rotation}` });
    }
    expect(turns).toEqual(['app_clone', 'app', 'app_clone']);
    expect(catalogue.users.get('APP_CLONE')!.rights.map(({ privilege, role, name, option = false }) => [privilege ?? role, name, option])).toEqual([
      ['CREATE SESSION', undefined, false], ['READER', undefined, false], ['SELECT', 'ORDERS', true], ['INSERT', 'SINCE_0', false], ['INSERT', 'SINCE_1', false],
    ]);
  });

  test.each(['single', 'alternating'] as const)('a user that does not exist is created, and only where that is allowed: %s', async (strategy) => {
    const arn = await secretOf(user('new_app'));
    await expect(bench.rotate(superuser(arn, 'new_app', strategy), arn)).rejects.toThrow('does not say that it may be created');
    await bench.abandon(await bench.pendingOf(arn));
    const { after } = await rotate(superuser(arn, 'new_app', strategy, ['reader', '"Mixed"']), arn);
    expect(catalogue.statements[0]).toMatch(/^GRANT CREATE SESSION, "READER", "Mixed" TO "NEW_APP" IDENTIFIED BY ".{28,30}"$/);
    expect(catalogue.statements[0].includes(after.password)).toBe(strategy === 'single');
    await rotate(superuser(arn, 'new_app', strategy, ['reader', '"Mixed"']), arn);
  });

  test('a user in quotation marks keeps its capitals, and is no other one', async () => {
    const app = user('"My App"');
    catalogue.add('My App', app.password);
    catalogue.add('MY APP', 'of another');
    const arn = await secretOf(app);
    await rotate(functionOf(), arn);
    await rotate(superuser(arn, '"My App"', 'single'), arn);
    expect(catalogue.users.get('MY APP')!.password).toBe('of another');
  });

  test.each(['prove', 'single', 'alternating'] as const)('each step twice, by processes that know nothing of each other, with a profile that forbids former passwords: %s', async (strategy) => {
    const app = user('app');
    catalogue.add('APP', app.password, { history: [] });
    catalogue.add('APP_CLONE', 'x', { history: [] });
    const arn = await secretOf(app);
    const rotation = await bench.begin(arn);
    for (const step of STEPS) {
      for (let repeated = 0; repeated < 2; repeated++) {
        await bench.step(strategy === 'prove' ? functionOf() : superuser(arn, 'app', strategy), rotation, step);
      }
    }
    const { username, password } = await bench.credentials(arn);
    expect(catalogue.users.get(username.toUpperCase())!.password).toBe(password);
    expect(catalogue.open).toBe(0);
  });

  test.each([['CREATE USER'], ['GRANT "READER"'], ['GRANT SELECT'], ['DEFAULT ROLE'], ['SYNONYM']])('a step that broke off before %s is finished by another process', async (statement) => {
    const app = user('app');
    catalogue.add('APP', app.password, {
      rights: [{ privilege: 'CREATE SESSION' }, { role: 'READER' }, { role: 'WRITER' }, { privilege: 'SELECT', owner: 'SHOP', name: 'ORDERS' }],
      defaultRoles: ['READER'],
      synonyms: new Map([['ORDERS', { owner: 'SHOP', target: 'ORDERS', link: null }]]),
    });
    const arn = await secretOf(app);
    const rotation = await bench.begin(arn);
    catalogue.failures.push({ statement: new RegExp(statement), number: 3113 });
    await bench.step(superuser(arn, 'app', 'alternating'), rotation, 'createSecret');
    await expect(bench.step(superuser(arn, 'app', 'alternating'), rotation, 'setSecret')).rejects.toThrow('network: the connection to the database broke (ORA_03113)');
    for (const step of STEPS.slice(1)) {
      await bench.step(superuser(arn, 'app', 'alternating'), rotation, step);
    }
    const clone = catalogue.users.get('APP_CLONE')!;
    expect([clone.rights.length, clone.defaultRoles, [...clone.synonyms.keys()]]).toEqual([4, ['READER'], ['ORDERS']]);
  });

  test('a rotation that was given up after the password was changed heals: the working version has no label', async () => {
    const app = user('app');
    catalogue.add('APP', app.password);
    const arn = await secretOf(app);
    const givenUp = await bench.begin(arn);
    await bench.step(functionOf(), givenUp, 'createSecret');
    await bench.step(functionOf(), givenUp, 'setSecret');
    await bench.abandon(givenUp);
    const { logins } = await rotate(functionOf(), arn);
    expect(logins).toBeLessThanOrEqual(4);
  });

  test.each([['host', 'elsewhere.example'], ['port', 2484], ['engine', 'postgres']])('another %s is refused before anybody signs in', async (field, value) => {
    const arn = await secretOf(user(), { [field]: value });
    await expect(bench.rotate(functionOf(), arn)).rejects.toThrow(`${field} differ`);
    await expect(bench.rotate(superuser(arn, 'app', 'single'), arn)).rejects.toThrow();
    expect(catalogue.logins).toEqual([]);
  });

  test.each(['sys', 'SYSTEM', 'rdsadmin', '"SYS"', 'rds_dataguard', 'APEX_PUBLIC_USER'])('a reserved user is not rotated: %s', async (username) => {
    const arn = await secretOf({ username, password: 'x' });
    await expect(bench.rotate(functionOf(), arn)).rejects.toThrow('is reserved');
    expect(catalogue.logins).toEqual([]);
  });

  test('a name in quotation marks does not alternate: what stands behind them belongs to no name', async () => {
    const arn = await secretOf(user('"App"'));
    await expect(bench.rotate(superuser(arn, '"App"', 'alternating'), arn)).rejects.toThrow('has to stand in quotation marks');
  });

  test('a name of the longest, and one that is longer', async () => {
    const longest = 'x'.repeat(128 - '_clone'.length);
    catalogue.add(longest.toUpperCase(), 'the first password');
    const arn = await secretOf({ username: longest, password: 'the first password' });
    await rotate(superuser(arn, longest, 'alternating'), arn);
    const longer = await secretOf({ username: `${longest}x`, password: 'x' });
    await expect(bench.rotate(superuser(longer, `${longest}x`, 'alternating'), longer)).rejects.toThrow('longer than 128 bytes');
  });
});
