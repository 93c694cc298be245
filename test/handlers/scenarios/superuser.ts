import { clientsPassword } from './clients-password';
import type { UserBinding } from '../../../src/contract/database-facts';
import { type Credentials, type DatabaseBench, STEPS } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** The rotation of users with the credentials of a superuser, whatever the database is. */
export function describeSuperuser(benchOf: () => DatabaseBench): void {
  let bench: DatabaseBench;
  let serial = 0;
  let app: Credentials;
  let arn: string;
  let superuserSecret: string;

  const rotatingWith = (strategy: UserBinding['strategy'], binding: Partial<UserBinding> = {}): FunctionInProcess =>
    bench.inProcess('rotate-postgresql', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret,
      bindings: [{ secret: arn, username: app.username, strategy, ...binding }],
    });

  beforeEach(async () => {
    bench = benchOf();
    bench.reset();
    app = { username: `user${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    arn = await bench.createSecret(bench.content(app));
    superuserSecret = await bench.createSuperuserSecret();
  });

  test.each(['single', 'alternating'] as const)(
    'repeating each step, in the same process or another, changes nothing: %s',
    async (strategy) => {
      for (let turn = 0; turn < 2; turn++) {
        const rotating = rotatingWith(strategy);
        const rotation = await bench.begin(arn);
        for (const step of STEPS) {
          await bench.step(rotating, rotation, step);
          const before = await state(rotation.token);
          await bench.step(rotating, rotation, step);
          await bench.step(rotatingWith(strategy), rotation, step);
          expect(await state(rotation.token)).toEqual(before);
        }
        expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
      }
      async function state(token: string): Promise<unknown> {
        return [
          await bench.labels(arn), await bench.value(arn, '', token),
          await bench.verifierOf(app.username),
          await bench.exists(`${app.username}_clone`) && await bench.verifierOf(`${app.username}_clone`),
        ];
      }
    },
  );

  test.each(['ARN', 'name'])('a binding names the secret by %s', async (how) => {
    arn = await bench.createSecret(bench.content(app), `bound/by-${how}`);
    const secret = how === 'ARN' ? arn : `bound/by-${how}`;
    await bench.rotate(rotatingWith('single', { secret }), arn);
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test.each(['another', 'another-secret'])(
    'a secret that is not bound is refused before any login, whatever its name',
    async (name) => {
      const connections = bench.connections();
      const other = await bench.createSecret(bench.content(app), `${name}-${serial}`);
      await expect(bench.rotate(rotatingWith('single', { secret: 'anothe' }), other)).rejects.toThrow('not bound');
      await expect(bench.rotate(rotatingWith('single', { secret: name }), other)).rejects.toThrow('not bound');
      expect(bench.connections()).toBe(connections);
    },
  );

  test.each(['postgres', 'user', 'USER0', 'other_clone', '_clone'])(
    'a current value with the user %j is refused before any login',
    async (username) => {
      const connections = bench.connections();
      await bench.replace(arn, bench.content({ username, password: 'x' }));
      for (const strategy of ['single', 'alternating'] as const) {
        const rotation = await bench.begin(arn);
        await expect(bench.step(rotatingWith(strategy), rotation, 'createSecret'))
          .rejects.toThrow('another user than the one that the secret is bound to');
        await bench.put(arn, bench.content(app), ['AWSPENDING'], rotation.token);
        for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
          await expect(bench.step(rotatingWith(strategy), rotation, step)).rejects.toMatchObject({ errorClass: 'configuration' });
        }
        await bench.abandon(rotation);
      }
      expect(bench.connections()).toBe(connections);
    },
  );

  test.each(['postgres', 'same', 'third_clone'])(
    'a pending value with the user %j is dropped before any login, with alternating users',
    async (username) => {
      const connections = bench.connections();
      const wrong = bench.content({ username: username === 'same' ? app.username : username, password: 'x' });
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
        const rotation = await bench.begin(arn);
        await bench.put(arn, wrong, ['AWSPENDING'], rotation.token);
        await expect(bench.step(rotatingWith('alternating'), rotation, step)).rejects.toMatchObject({ errorClass: 'stale' });
        expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
      }
      expect(bench.connections()).toBe(connections);
    },
  );

  test.each([['host', { host: 'elsewhere.example' }], ['port', { port: 1 }], ['engine', { engine: 'mysql' }]])(
    'values for another %s are refused before any login', async (field, change) => {
      const connections = bench.connections();
      const rotation = await bench.begin(arn);
      await bench.put(arn, { ...bench.content(app), ...change }, ['AWSPENDING'], rotation.token);
      await expect(bench.step(rotatingWith('single'), rotation, 'setSecret'))
        .rejects.toMatchObject({ errorClass: 'stale', message: expect.stringContaining(field) });
      await bench.replace(arn, { ...bench.content(app), ...change });
      const refused = { errorClass: 'configuration', message: expect.stringContaining(field) as string };
      await expect(bench.rotate(rotatingWith('single'), arn)).rejects.toMatchObject(refused);
      expect(bench.connections()).toBe(connections);
    });

  test('what the value lacks of where the database is, the function writes', async () => {
    arn = await bench.createSecret({ ...app, extra: 1 });
    const database = { ...bench.facts, databaseName: 'postgres' };
    await bench.rotate(bench.inProcess('rotate-postgresql', {
      mode: 'superuser', database, superuserSecret, bindings: [{ secret: arn, username: app.username, strategy: 'single' }],
    }), arn);
    const { host, port } = bench.facts;
    expect(await bench.credentials(arn)).toEqual({
      engine: 'postgres', host, port, dbname: 'postgres', username: app.username, password: expect.any(String), extra: 1,
    });
  });

  test.each(['username'])('a secret without %s is refused', async (field) => {
    arn = await bench.createSecret({ ...bench.content(app), [field]: undefined });
    await expect(bench.rotate(rotatingWith('single'), arn)).rejects.toMatchObject({ errorClass: 'configuration' });
  });

  test('a change from alternating users to a single one ends with the base', async () => {
    await bench.rotate(rotatingWith('alternating'), arn);
    await bench.rotate(rotatingWith('single'), arn);
    expect(await bench.credentials(arn)).toMatchObject({ username: app.username });
  });

  test('superusers are not touched', async () => {
    await bench.makeSuperuser(app.username, true);
    for (const strategy of ['single', 'alternating'] as const) {
      await expect(bench.rotate(rotatingWith(strategy), arn)).rejects.toThrow('a superuser of the server');
      await bench.abandon(await bench.pendingOf(arn));
    }
    await bench.makeSuperuser(app.username, false);
    expect(await bench.worksFor(app)).toBe(true);
  });

  test.each(['single', 'alternating'] as const)('neither the superuser itself nor its secret is rotated here: '
    + '%s', async (strategy) => {
    const superuser = { ...bench.superuser };
    arn = await bench.createSecret(bench.content(superuser));
    await expect(bench.rotate(rotatingWith(strategy, { username: superuser.username }), arn)).rejects.toThrow('superuser itself');
    await expect(bench.rotate(rotatingWith(strategy, { secret: superuserSecret, username: superuser.username }), superuserSecret))
      .rejects.toThrow("superuser's own secret");
    expect(await bench.worksFor(superuser)).toBe(true);
  });

  test.each([
    ['reserved', 'pg_monitor'], ['reserved', 'rds_iam'], ['longer', 'x'.repeat(64)], ['longer', 'y'.repeat(58)],
    ['longer', 'ü'.repeat(29)],
  ])('a user that is %s is refused: %s', async (reason, username) => {
    arn = await bench.createSecret(bench.content({ username, password: 'x' }));
    await expect(bench.rotate(rotatingWith('alternating', { username }), arn)).rejects.toThrow(reason);
  });

  test('a database that is not there, for the superuser as well', async () => {
    const rotation = await bench.begin(arn);
    await bench.step(rotatingWith('single'), rotation, 'createSecret');
    const database = { ...bench.facts, port: 1 };
    const bindings: UserBinding[] = [{ secret: arn, username: app.username, strategy: 'single' }];
    arn = await bench.createSecret(bench.content(app, { port: undefined }));
    const elsewhere = bench.inProcess(
      'rotate-postgresql',
      { mode: 'superuser', database, superuserSecret, bindings: [{ ...bindings[0], secret: arn }] },
      5_000,
    );
    await expect(bench.rotate(elsewhere, arn)).rejects.toMatchObject({ errorClass: 'network' });
  });

  test('a role that the user is to become a member of and that does not exist', async () => {
    app = { username: `user${serial++}`, password: 'x' };
    arn = await bench.createSecret(bench.content(app));
    await expect(bench.rotate(rotatingWith('single', { createWithRoles: ['nosuch'] }), arn))
      .rejects.toMatchObject({ errorClass: 'configuration', code: '42704' });
    expect(await bench.exists(app.username)).toBe(false);
  });

  test('a superuser whose password has just been rotated', async () => {
    const { superuser } = bench;
    const rotation = await bench.begin(arn);
    const rotating = rotatingWith('single');
    await bench.step(rotating, rotation, 'createSecret');
    try {
      await bench.setPassword('postgres', 'changed meanwhile');
      const replaced = bench.afterRefusal(async () =>
        bench.replace(superuserSecret, { ...superuser, password: 'changed meanwhile' }),
      );
      await bench.step(rotating, rotation, 'setSecret');
      await replaced;
      await bench.replace(superuserSecret, { ...superuser, password: 'wrong' });
      const refused = bench.refusedUsers().length;
      await expect(bench.step(rotating, rotation, 'setSecret'))
        .rejects.toMatchObject({ errorClass: 'authentication', message: expect.stringContaining('superuser') });
      // Of the user, whose password has been changed already, one as well.
      expect(bench.refusedUsers().slice(refused)).toEqual([app.username, 'postgres']);
    } finally {
      await bench.setPassword('postgres', superuser.password);
    }
  });

  test('a superuser whose secret changes to another wrong value is refused twice and no more', async () => {
    await bench.replace(superuserSecret, { username: 'postgres', password: 'wrong' });
    const refusals = bench.refusals();
    const rotation = await bench.begin(arn);
    const rotating = rotatingWith('single');
    await bench.step(rotating, rotation, 'createSecret');
    const replaced = bench.afterRefusal(async () =>
      bench.replace(superuserSecret, { username: 'postgres', password: 'wrong as well' }),
    );
    await expect(bench.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'authentication' });
    await replaced;
    expect(bench.refusals() - refusals).toBe(2);
  });

  test.each([
    ['nothing', 'postgres'],
    ['no JSON', 'text'],
    ['no password', '{"username":"postgres"}'],
  ])('a superuser secret that holds %s', async (_, value) => {
    superuserSecret = _ === 'nothing' ? `${superuserSecret.slice(0, -6)}nosuch` : await bench.createSecret(value);
    await expect(bench.rotate(rotatingWith('single'), arn)).rejects.toMatchObject({ errorClass: 'configuration' });
  });

  test.each([
    ['no value', false],
    ['the current value', true],
  ])('a test without a rotation, of a user that does not exist yet: AWSPENDING holds %s', async (_, filled) => {
    app = { username: 'not_yet', password: 'x' };
    arn = await bench.createSecret(bench.content(app));
    const rotation = await bench.begin(arn);
    if (filled) {
      await bench.put(arn, await bench.value(arn), ['AWSPENDING'], rotation.token);
    }
    const logins = bench.logins();
    await bench.step(rotatingWith('single'), rotation, 'testSecret');
    expect(bench.logins() - logins).toBe(1);
    await bench.replace(superuserSecret, { username: 'postgres', password: 'wrong' });
    await expect(bench.step(rotatingWith('single'), rotation, 'testSecret'))
      .rejects.toMatchObject({ errorClass: 'authentication' });
  });

  clientsPassword(() => ({ bench, app, arn, superuserSecret, rotatingWith }));
}
