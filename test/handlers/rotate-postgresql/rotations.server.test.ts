import { describeEngine } from '../engines/describe-engine';
import { postgresql } from '../engines/postgresql';

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  describeEngine(postgresql(version), (started) => {
    test('by an administrator that is no superuser', async () => {
      const engine = started();
      const { bench, rotations } = engine;
      const [app, admin] = [await engine.createUser(), engine.credentials()];
      await bench.createUser(admin, 'CREATEROLE');
      const arn = await engine.createSecret(app);
      const rotating = await engine.bySuperuser(arn, app.username, 'alternating', { superuser: admin });
      if (version === 18) {
        // The alternate user does not exist yet: nobody can be given a right on it.
        const refusal = await engine.refusal(rotating, arn);
        expect(refusal.message).toMatch(
          new RegExp(`run for it: GRANT "${app.username}" TO <superuser> WITH ADMIN OPTION \\(42501\\)$`),
        );
        expect(rotating.lastLine).toMatchObject({ errorClass: 'permission', errorCode: '42501' });
        await rotations.database.query(`GRANT "${app.username}" TO "${admin.username}" WITH ADMIN OPTION`);
      }
      for (let rotation = 0; rotation < 3; rotation++) {
        const { before } = await engine.rotate(rotating, arn);
        expect(await bench.worksFor(before)).toBe(true);
      }
    });

    test('an administrator that may not create a user is told what it needs', async () => {
      const engine = started();
      const [app, superuser] = [engine.credentials(), await engine.createUser()];
      const arn = await engine.createSecret(app);
      const rotating = await engine.bySuperuser(arn, app.username, 'single', { superuser, createWithRoles: [] });
      expect((await engine.refusal(rotating, arn)).message)
        .toMatch(version === 18 ? /: it needs CREATEROLE \(42501\)$/ : /: it needs CREATEROLE; before PostgreSQL 16, a user/);
    });

    test('a user with REPLICATION: changed, or an error that says who may', async () => {
      const engine = started();
      const { bench } = engine;
      const admin = engine.credentials();
      await bench.createUser(admin, 'CREATEROLE');
      for (const strategy of ['itself', 'single'] as const) {
        const app = await engine.createUser();
        await engine.rotations.database.query(`ALTER ROLE "${app.username}" REPLICATION`);
        await engine.rotations.database.query(`GRANT "${app.username}" TO "${admin.username}" WITH ADMIN OPTION`);
        const arn = await engine.createSecret(app);
        const rotating = strategy === 'itself'
          ? await engine.proving()
          : await engine.bySuperuser(arn, app.username, 'single', { superuser: admin });
        if (version === 18) {
          await engine.rotate(rotating, arn);
        } else {
          const refusal = await engine.refusal(rotating, arn);
          expect(refusal.message).toContain('with REPLICATION only a superuser of the server may change');
          expect(await bench.worksFor(app)).toBe(true);
        }
      }
    });

    test('a user whose sessions act as another one changes its own password', async () => {
      const engine = started();
      const { rotations } = engine;
      const app = await engine.createUser();
      const owner = `owner_of_${app.username}`;
      await rotations.database.query(`CREATE ROLE ${owner}`);
      await rotations.database.query(`GRANT ${owner} TO "${app.username}"`);
      await rotations.database.query(`ALTER ROLE "${app.username}" SET role = '${owner}'`);
      const arn = await engine.createSecret(app);
      const rotating = await engine.proving();
      await engine.rotate(rotating, arn);
      await engine.rotate(rotating, arn);
      expect(
        await rotations.as(
          await rotations.credentials(arn),
          'SELECT session_user::text AS session, current_user::text AS current',
        ),
      ).toEqual([{ session: app.username, current: owner }]);
    });

    test('a user that only reads by default', async () => {
      const engine = started();
      const app = await engine.createUser();
      await engine.rotations.database.query(`ALTER ROLE "${app.username}" SET default_transaction_read_only = on`);
      const arn = await engine.createSecret(app);
      await engine.rotate(await engine.proving(), arn);
    });

    test('a name with characters that move a terminal', async () => {
      const engine = started();
      const app = await engine.createUser('a\nb\x1b[31mc');
      const arn = await engine.createSecret(app);
      const rotating = await engine.bySuperuser(arn, app.username, 'single');
      await engine.rotate(rotating, arn);
      await engine.rotate(rotating, arn);
    });

    test('passwords with every character, sent as such', async () => {
      const engine = started();
      const { bench, rotations } = engine;
      const arn = await engine.createSecret(await engine.createUser());
      const database = { ...engine.facts, plainPasswordStatement: true };
      await rotations.rotate(
        rotations.inProcess('rotate-postgresql', { mode: 'prove', database, password: { length: 90, excludeCharacters: '' } }),
        arn,
      );
      expect(await bench.worksFor(await rotations.credentials(arn))).toBe(true);
    });
  });
});
