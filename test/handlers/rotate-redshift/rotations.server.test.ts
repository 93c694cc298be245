import { describeEngine } from '../engines/describe-engine';
import { redshift } from '../engines/redshift';

describeEngine(redshift, (started) => {
  test('a user whose password is stored as SHA-256 signs in with a digest and has MD5 afterwards', async () => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = engine.credentials();
    await bench.database.createDigestUser(app);
    const wrong = await engine.createSecret({ ...app, password: 'Wrong1password' });
    await expect(rotations.rotate(await engine.proving(), wrong))
      .rejects.toMatchObject({ errorClass: 'authentication', code: '28000' });
    const arn = await engine.createSecret(app);
    const { before } = await engine.rotate(await engine.proving(), arn);
    expect(await bench.worksFor(before)).toBe(false);
    const [row] = await bench.database.database.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [app.username]);
    expect(row.rolpassword).toMatch(/^md5[0-9a-f]{32}$/);
  });

  test('superusers are rotated by nobody else, directly or by a role', async () => {
    const engine = started();
    const { bench } = engine;
    const [chief, secret] = [engine.credentials(), await engine.createUser()];
    await bench.database.createUser(chief, 'SUPERUSER');
    await bench.database.database
      .query(`CREATE ROLE "sys:superuser"; CREATE ROLE outer_role; GRANT "sys:superuser" TO outer_role; GRANT outer_role TO ${secret.username};
      INSERT INTO redshift.roles VALUES ('sys:superuser'), ('outer_role')`);
    for (const app of [chief, secret]) {
      const arn = await engine.createSecret(app);
      for (const strategy of ['single', 'alternating'] as const) {
        expect((await engine.refusal(await engine.bySuperuser(arn, app.username, strategy), arn)).message).toContain(
          'is a superuser of the cluster',
        );
      }
      expect(await bench.worksFor(app)).toBe(true);
    }
  });

  test("somebody else's user is not taken for an alternate one", async () => {
    const engine = started();
    const app = await engine.createUser();
    const other = await engine.createUser(`${app.username}_clone`);
    const arn = await engine.createSecret(app);
    expect((await engine.refusal(await engine.bySuperuser(arn, app.username, 'alternating'), arn)).message).toContain(
      'not one that this function made',
    );
    expect(await engine.bench.worksFor(other)).toBe(true);
  });
});
