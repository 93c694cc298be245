import { type KnownUsers, PgBouncer } from '../../servers/pgbouncer';
import { requireServer } from '../../servers/require-server';
import { type Credentials, RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

/**
 * What Amazon RDS Proxy does to clients while passwords rotate behind it: it signs them in by what it has read of the secret, and
 * knows nothing else. Here a pooler stands for it, which reads when it is told to.
 */
requireServer('postgresql-18', 'pgbouncer', 'secrets-manager')('a proxy in front of the database', () => {
  let bench: RotationBench;
  let superuserSecret: string;
  let proxy: PgBouncer;
  let app: Credentials;
  let arn: string;
  let serial = 0;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { log_connections: 'on' } });
    superuserSecret = await bench.createSuperuserSecret();
  });

  afterAll(() => bench.stop());

  beforeEach(async () => {
    app = { username: `app${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    arn = await bench.createSecret(bench.content(app));
    const { good, authority: { certificate: authority } } = bench.certificates;
    proxy = await PgBouncer.start({ certificate: good, authority, database: bench.database }, [app]);
  });

  afterEach(() => proxy.stop());

  const through = async ({ host, port }: { host: string; port: number }, ...clients: Credentials[]): Promise<boolean[]> =>
    Promise.all(clients.map(async (credentials) => bench.worksFor(credentials, { host, port })));

  const functionOf = (strategy?: 'alternating'): FunctionInProcess => bench.inProcess('rotate-postgresql', {
    database: bench.facts,
    ...(strategy
      ? { mode: 'superuser', superuserSecret, bindings: [{ secret: arn, username: app.username, strategy }] }
      : { mode: 'prove' }),
  });

  /** A rotation, with who connects to what meanwhile; gives what the secret says then. */
  const rotate = async (strategy?: 'alternating'): Promise<Credentials> => {
    const [attempts, ours] = [proxy.attempts(), ourConnections()];
    await bench.rotate(functionOf(strategy), arn);
    expect([proxy.attempts(), ourConnections()]).toEqual([attempts, ours + (strategy === undefined ? 2 : 3)]);
    return bench.credentials(arn);
  };

  const ourConnections = (): number => bench.database.log().split('application_name=cdk-secretsmanager-patterns').length - 1;
  /** As a proxy reads the secret: AWSCURRENT and nothing else. */
  const learnCurrent = async (): Promise<void> => proxy.learn([await bench.credentials(arn)] as KnownUsers);

  test('a single user: the former password signs in at it and the new one does not, until it has read the secret', async () => {
    expect(await through(proxy, app)).toEqual([true]);
    const rotated = await rotate();
    expect(await through(bench.database, app, rotated)).toEqual([false, true]);
    expect(await through(proxy, app, rotated)).toEqual([true, false]);
    await learnCurrent();
    expect(await through(proxy, app, rotated)).toEqual([false, true]);
  });

  test('alternating users: as soon as it has read the secret, it refuses the user that clients hold, who still works at the '
    + 'database', async () => {
    expect(await through(proxy, app)).toEqual([true]);
    const rotated = await rotate('alternating');
    expect(rotated.username).toBe(`${app.username}_clone`);
    expect(await through(bench.database, app, rotated)).toEqual([true, true]);
    expect(await through(proxy, app, rotated)).toEqual([true, false]);
    await learnCurrent();
    expect(await through(proxy, app, rotated)).toEqual([false, true]);
  });

  test.each([undefined, 'alternating'] as const)(
    'a secret that names it as the database is refused, and nobody connects (%s)',
    async (strategy) => {
      await bench.replace(arn, bench.content(app, { port: proxy.port }));
      const [attempts, connections] = [proxy.attempts(), bench.connections()];
      await expect(bench.rotate(functionOf(strategy), arn)).rejects.toThrow('port differ');
      expect([proxy.attempts(), bench.connections()]).toEqual([attempts, connections]);
    },
  );

  test.each([undefined, 'alternating'] as const)(
    'in place of the database, it refuses what sessions begin with: said at once, and the address of the database helps: %s',
    async (strategy) => {
      const options = strategy
        ? { mode: 'superuser', superuserSecret, bindings: [{ secret: arn, username: app.username, strategy }] } as const
        : { mode: 'prove' } as const;
      await bench.replace(arn, bench.content(app, { port: proxy.port }));
      const misled = bench.inProcess('rotate-postgresql', { ...options, database: { ...bench.facts, port: proxy.port } });
      await expect(bench.rotate(misled, arn)).rejects.toMatchObject({
        errorClass: 'configuration',
        code: '08P01',
        message: expect.stringContaining('the address of the database itself'),
      });
      expect(proxy.log().split('closing because: unsupported startup parameter').length - 1).toBe(1);
      expect(await bench.worksFor(app)).toBe(true);
      await bench.abandon(await bench.pendingOf(arn));
      await bench.replace(arn, bench.content(app));
      await bench.rotate(functionOf(strategy), arn);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    },
  );
});
