import { requireServer } from '../../servers/require-server';
import { type Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** The admin secret of a database that Amazon RDS manages: two fields, and a rotation that nobody here starts. */
requireServer('postgresql-18', 'secrets-manager')('a superuser whose secret Amazon RDS rotates', () => {
  let bench: RotationBench;
  let admin: Credentials;
  let superuserSecret: string;
  let app: Credentials;
  let arn: string;
  let serial = 0;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { log_connections: 'on' } });
  });

  afterAll(() => bench.stop());

  beforeEach(async () => {
    bench.guard.reset();
    serial += 1;
    admin = { username: `admin${serial}`, password: 'the first of the admin' };
    app = { username: `app${serial}`, password: 'the first of the application' };
    // As rds_superuser is: none of PostgreSQL's superusers, and so it may change the users that it has made.
    await bench.createUser(admin, 'CREATEROLE');
    superuserSecret = await bench.createSecret(admin);
    arn = await bench.createSecret(bench.content(app));
  });

  const functionOf = (strategy: 'single' | 'alternating' = 'single'): FunctionInProcess =>
    bench.inProcess('rotate-postgresql', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret,
      bindings: [{ secret: arn, username: app.username, strategy, createWithRoles: [] }],
    });

  const changed = (): Credentials => ({ ...admin, password: 'the second of the admin' });
  const changeInDatabase = async (): Promise<unknown> =>
    bench.database.query(`ALTER ROLE ${admin.username} PASSWORD '${changed().password}'`);
  const changeInSecret = async (): Promise<void> => bench.replace(superuserSecret, changed());

  /** Does something when the function has been answered the superuser's secret for the nth time, and has not got it yet. */
  const afterReading = (nth: number, act: () => Promise<unknown>): void => {
    let readings = 0;
    bench.guard.fault({
      action: 'GetSecretValue',
      times: Infinity,
      when: 'after',
      effect: {
        kind: 'meanwhile',
        callback: async () => {
          if (bench.guard.calls.at(-1)?.input.SecretId === superuserSecret && ++readings === nth) {
            await act();
          }
        },
      },
    });
  };

  const rotate = async (
    strategy?: 'single' | 'alternating',
  ): Promise<{ works: boolean; refusals: number; logins: number; output: string }> => {
    const [refusals, logins, rotating] = [bench.refusals(), bench.logins(), functionOf(strategy)];
    await bench.rotate(rotating, arn);
    const counted = { refusals: bench.refusals() - refusals, logins: bench.logins() - logins };
    return { ...counted, works: await bench.worksFor(await bench.credentials(arn)), output: rotating.output() };
  };

  test.each(['single', 'alternating'] as const)('works with its two fields, and after it has rotated: %s', async (strategy) => {
    // The user does not exist yet, which one login finds.
    expect(await rotate(strategy)).toMatchObject({ works: true, refusals: 1, logins: 2 });
    await changeInDatabase();
    await changeInSecret();
    expect(await rotate(strategy)).toMatchObject({ works: true, refusals: 0, logins: 3 });
  });

  test('that changes after the function has read it and before it signs in: it is read again, one login is lost', async () => {
    afterReading(1, async () => {
      await changeInDatabase();
      await changeInSecret();
    });
    const { output, ...counted } = await rotate();
    expect(counted).toEqual({ works: true, refusals: 2, logins: 2 });
    expect([admin.password, changed().password].filter((password) => output.includes(password))).toEqual([]);
  });

  test('whose new password the database knows and the secret does not say yet: it is looked at until it does', async () => {
    await changeInDatabase();
    afterReading(2, changeInSecret);
    expect(await rotate()).toMatchObject({ works: true, refusals: 2, logins: 2 });
  });

  test('whose secret never says it: refused with its own error after one login more, and nothing is changed', async () => {
    await changeInDatabase();
    const refusals = bench.refusals();
    await expect(rotate()).rejects.toMatchObject({
      errorClass: 'authentication',
      message: expect.stringContaining('refused the login of the superuser'),
    });
    expect(bench.refusals()).toBe(refusals + 2);
    expect(await bench.database.query('SELECT FROM pg_roles WHERE rolname = $1', [app.username])).toEqual([]);
  });
});
