import { describeEngine } from '../engines/describe-engine';
import { WAYS } from '../engines/engine-under-test';
import { sqlserver } from '../engines/sqlserver';

describeEngine(sqlserver, (started) => {
  test.each(WAYS)('three in a row of a user that is contained in its database: %s', async (way) => {
    const engine = started();
    const { bench, rotations } = engine;
    const databaseName = bench.newDatabase({ contained: true });
    const app = engine.credentials();
    bench.database.accounts.addUser(databaseName, app.username, { password: app.password });
    const arn = await engine.createSecret(app, { dbname: databaseName });
    for (let rotation = 0; rotation < 3; rotation++) {
      await rotations.rotate(await engine.functionFor(way, arn, app.username, way === 'prove' ? {} : { databaseName }), arn);
      expect(await bench.worksFor(await rotations.credentials(arn), databaseName)).toBe(true);
    }
    expect(bench.database.accounts.logins.some(({ name }) => name.startsWith(app.username))).toBe(false);
  });

  test.each(WAYS)('a hostile password, and a role with a hostile name: %s', async (way) => {
    const engine = started();
    const { bench } = engine;
    const app = { username: `${way} who is hostile`, password: "'; DROP LOGIN app; -- ]😀Aa1 Canary" };
    await bench.createUser(app);
    const { accounts } = bench.database;
    accounts.addUser(bench.newDatabase(), app.username, { sid: accounts.login(app.username).sid, roles: ["it's; a [role]"] });
    const arn = await engine.createSecret(app);
    const rotating = await engine.functionFor(way, arn, app.username);
    await engine.rotate(rotating, arn);
    await engine.rotate(rotating, arn);
  });

  test('what the server is told as the old password is what has let the function in: AWSPREVIOUS, say', async () => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    await engine.rotate(await engine.proving(), arn);
    const { password } = await rotations.credentials(arn, 'AWSPREVIOUS');
    bench.database.accounts.login(app.username).password = password;
    const said = bench.statements().length;
    await engine.rotate(await engine.proving(), arn);
    expect(bench.statements().slice(said)).toContain(`OLD_PASSWORD = N'${password.replaceAll("'", "''")}'`);
  });

  test('a user whose name the server has in other letters is another one', async () => {
    const engine = started();
    const app = await engine.createUser('Accounting');
    const arn = await engine.createSecret({ ...app, username: 'accounting' });
    expect((await engine.refusal(await engine.proving(), arn)).message).toContain('signed in another user than the secret names');
    expect(await engine.bench.worksFor(app)).toBe(true);
  });

  test('why the server refuses a password is said without the password', async () => {
    const engine = started();
    const { bench, rotations } = engine;
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const rotating = await engine.proving({
      password: { length: 20, excludeCharacters: '0123456789', excludePunctuation: true },
    });
    await expect(rotations.rotate(rotating, arn)).rejects.toMatchObject({ errorClass: 'configuration', code: '15118' });
    const made = await rotations.credentials(arn, 'AWSPENDING');
    expect(rotating.output()).not.toContain(made.password);
    expect(await bench.worksFor(app)).toBe(true);
  });
});
