import { requireServer } from '../../servers/require-server';
import { describeDatabaseRotation } from '../scenarios/database-rotation';
import { RotationBench } from '../support/rotation-bench';

requireServer('postgresql-18', 'secrets-manager')('what holds for every kind of rotation of database users', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { wal_level: 'replica' } });
  });

  afterAll(() => bench.stop());

  describeDatabaseRotation(() => bench);

  test.each(['single', 'alternating'] as const)('a member of a superuser is not touched: %s', async (kind) => {
    const app = { username: `member_${kind}`, password: 'the first password' };
    await bench.createUser(app);
    const arn = await bench.createSecret(bench.content(app));
    await bench.database.query(
      `CREATE ROLE between_${kind}; GRANT postgres TO between_${kind}; GRANT between_${kind} TO ${app.username}`,
    );
    const rotating = bench.inProcess('rotate-postgresql', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret: await bench.createSuperuserSecret(),
      bindings: [{ secret: arn, username: app.username, strategy: kind }],
    });
    await expect(bench.rotate(rotating, arn)).rejects.toThrow('a superuser of the server');
    expect(await bench.worksFor(app)).toBe(true);
  });

  test('a role that the superuser may not give to a new user is named, and no user that does not exist', async () => {
    const admin = { username: 'admin', password: 'x' };
    await bench.createUser(admin, 'CREATEROLE');
    const app = { username: 'of_admin', password: 'x' };
    const arn = await bench.createSecret(bench.content(app));
    await bench.database.query('CREATE ROLE readers');
    for (const strategy of ['single', 'alternating'] as const) {
      const creating = bench.inProcess('rotate-postgresql', {
        mode: 'superuser',
        database: bench.facts,
        superuserSecret: await bench.createSecret(admin),
        bindings: [{ secret: arn, username: app.username, strategy, createWithRoles: ['readers'] }],
      });
      const error = await bench.rotate(creating, arn).catch((thrown: unknown) => thrown as Error);
      expect(error).toMatchObject({
        errorClass: 'permission',
        message: expect.stringContaining('GRANT "readers" TO <superuser> WITH ADMIN OPTION'),
      });
      expect((error as Error).message).not.toContain(app.username);
      await bench.abandon(await bench.pendingOf(arn));
    }
  });
});
