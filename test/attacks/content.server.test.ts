import { type Aftermath, CHOSEN_PASSWORD } from './support/attack-scene';
import { Attacker } from './support/attacker';
import { NO_DAMAGE } from './support/damage';
import { attackScene } from './support/describe-attack';
import { HostilePostgreSqlServer } from '../servers/hostile-postgresql-server';

const KINDS = ['prove', 'single', 'alternating'] as const;

/** Who may write a bound secret and its superuser's as they like, but for the credentials in them. */
attackScene('what a secret says besides its credentials', ({ app, superuserSecret }) => [
  Attacker.may(['DescribeSecret', 'PutSecretValue', 'UpdateSecretVersionStage', 'RotateSecret'], app.arn, superuserSecret),
], (scene) => {
  const write = async (arn: string, value: object): Promise<void> =>
    scene.attacker.moveLabel(arn, 'AWSCURRENT', await scene.attacker.put(arn, value, ['WRITTEN']));

  const rotate = async (kind: (typeof KINDS)[number]): Promise<Aftermath> => {
    const rotating = scene.functionOf(kind);
    return scene.damageOf(rotating, async () => scene.rotate(rotating, await scene.attacker.rotate(scene.app.arn)));
  };

  test.each(KINDS)('gives no roles, no superuser, no other strategy: %s', async (kind) => {
    const { username, password } = scene.app;
    await write(scene.app.arn, scene.bench.content({ username, password }, {
      masterarn: scene.billing.arn,
      superuserSecret: scene.billing.arn,
      mode: 'superuser',
      strategy: kind === 'single' ? 'alternating' : 'single',
      roles: ['pg_write_all_data'],
      createWithRoles: ['pg_write_all_data'],
      superuser: true,
      base: 'postgres',
      sslmode: 'disable',
      ssl: false,
      user: 'postgres',
    }));
    scene.bench.guard.calls.length = 0;
    const { errors, changed, shown } = await rotate(kind);
    const user = kind === 'alternating' ? `${username}_clone` : username;
    expect({ errors, shown, changed }).toEqual({ errors: [], shown: [], changed: [user, scene.app.arn].sort() });
    const roles = await scene.bench.database.query(
      `SELECT rolsuper, rolcreaterole, ARRAY(
      SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS roles FROM pg_roles r WHERE rolname = $1`,
      [user],
    );
    expect(roles).toEqual([{ rolsuper: false, rolcreaterole: false, roles: kind === 'alternating' ? [username] : [] }]);
    const read = scene.bench.guard.calls.filter(({ action }) => action === 'GetSecretValue').map(({ input }) => input.SecretId);
    expect(new Set(read)).toEqual(new Set([scene.app.arn, ...kind === 'prove' ? [] : [scene.superuserSecret]]));
  });

  test.each(['single', 'alternating'] as const)('makes no user where the deployment does not say so: %s', async (kind) => {
    await scene.bench.database.query(`DROP ROLE ${scene.app.username}`);
    const { username, password } = scene.app;
    await write(scene.app.arn, scene.bench.content({ username, password }, { mayCreate: true, createWithRoles: [] }));
    const { errors, ...damage } = await rotate(kind);
    expect(damage).toEqual({ changed: [], shown: [], connections: 2, logins: 1 });
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('give its Rotation `createWithRoles`') }),
    ]);
  });

  test.each(['single', 'alternating'] as const)(
    'where the deployment says so, the roles are those of the deployment: %s',
    async (kind) => {
      await scene.bench.database.query(`DROP ROLE ${scene.app.username}`);
      const { username, password, arn } = scene.app;
      await write(arn, scene.bench.content({ username, password }, { createWithRoles: ['pg_write_all_data'] }));
      const rotating = scene.functionOf(kind, {
        bindings: [{ secret: arn, username, strategy: kind, createWithRoles: ['pg_monitor'] }],
      });
      expect(await scene.rotate(rotating, await scene.attacker.rotate(arn))).toEqual([]);
      const roles = await scene.bench.database.query<{ role: string }>(
        'SELECT g.rolname::text AS role FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = $1::regrole',
        [username]);
      expect(roles).toEqual([{ role: 'pg_monitor' }]);
    },
  );

  describe('which names another host', () => {
    let hostile: HostilePostgreSqlServer;

    beforeEach(async () => {
      hostile = await HostilePostgreSqlServer.start('cleartext', scene.bench.certificates.good);
    });

    afterEach(() => hostile.stop());

    test.each(KINDS)('sends no credentials there: %s', async (kind) => {
      const { username, password } = scene.app;
      for (const elsewhere of [
        { port: hostile.port },
        { host: '127.0.0.1' },
        { host: '127.0.0.1', port: hostile.port },
        { host: `localhost:${hostile.port}` },
      ]) {
        await write(scene.app.arn, scene.bench.content({ username, password }, elsewhere));
        const { errors, ...damage } = await rotate(kind);
        expect(damage).toEqual(NO_DAMAGE);
        expect(errors).toEqual([
          expect.objectContaining({ errorClass: 'configuration', message: expect.stringContaining('for another database') }),
        ]);
      }
      expect(hostile.connections).toBe(0);
    });

    test("in the superuser's secret, is not where the superuser signs in", async () => {
      await write(scene.superuserSecret, {
        ...scene.bench.database.superuser,
        engine: 'postgres',
        host: '127.0.0.1',
        port: hostile.port,
        dbname: 'none',
      });
      const { errors, changed } = await rotate('single');
      expect({ errors, changed, connections: hostile.connections })
        .toEqual({ errors: [], changed: [scene.app.arn, scene.app.username].sort(), connections: 0 });
    });
  });

  test("another user in the superuser's secret is another user, without the superuser's rights", async () => {
    const account = { username: `${scene.app.username}_friend`, password: CHOSEN_PASSWORD };
    await scene.bench.createUser(account);
    await write(scene.superuserSecret, account);
    const { errors, changed, shown } = await rotate('single');
    expect([changed, shown]).toEqual([[], []]);
    expect(errors).toEqual([expect.objectContaining({ errorClass: 'permission', code: '42501' })]);
  });
});
