import { describeEngine } from '../engines/describe-engine';
import { oracle } from '../engines/oracle';
import { STEPS } from '../support/rotation-bench';

describeEngine(oracle, (started) => {
  /** What a rotation says to the database. */
  const statementsOf = async (work: () => Promise<unknown>): Promise<string[]> => {
    const { statements } = started().bench.catalogue;
    const said = statements.length;
    await work();
    return statements.slice(said);
  };

  test('a user changes itself with the password that is replaced, an administrator another one without', async () => {
    const engine = started();
    const app = await engine.createUser();
    const arn = await engine.createSecret(app);
    const name = app.username.toUpperCase();
    for (let rotation = 0; rotation < 3; rotation++) {
      const { password: before } = await engine.rotations.credentials(arn);
      const statements = await statementsOf(async () => engine.rotate(await engine.proving(), arn));
      const { password: after } = await engine.rotations.credentials(arn);
      expect(after).toHaveLength(30);
      expect(statements).toEqual([`ALTER USER "${name}" IDENTIFIED BY "${after}" REPLACE "${before}"`]);
    }
    for (let rotation = 0; rotation < 3; rotation++) {
      const statements = await statementsOf(async () =>
        engine.rotate(await engine.bySuperuser(arn, app.username, 'single'), arn),
      );
      const { password: after } = await engine.rotations.credentials(arn);
      expect(statements).toEqual([`ALTER USER "${name}" IDENTIFIED BY "${after}"`]);
    }
  });

  test.each(['single', 'alternating'] as const)('a user is created with its rights in one statement: %s', async (strategy) => {
    const engine = started();
    const app = engine.credentials();
    const arn = await engine.createSecret(app);
    const rotating = await engine.bySuperuser(arn, app.username, strategy, { createWithRoles: ['reader', '"Mixed"'] });
    const [first] = await statementsOf(async () => engine.rotate(rotating, arn));
    expect(first).toMatch(
      new RegExp(`^GRANT CREATE SESSION, "READER", "Mixed" TO "${app.username.toUpperCase()}" IDENTIFIED BY ".{28,30}"$`),
    );
    expect(first.includes((await engine.rotations.credentials(arn)).password)).toBe(strategy === 'single');
  });

  test('a user in quotation marks keeps its capitals, and is no other one', async () => {
    const engine = started();
    const { bench } = engine;
    const app = await engine.createUser('"My App"');
    const other = { username: '"MY APP"', password: 'of another' };
    bench.createUser(other);
    const arn = await engine.createSecret(app);
    await engine.rotate(await engine.proving(), arn);
    await engine.rotate(await engine.bySuperuser(arn, app.username, 'single'), arn);
    expect(await bench.worksFor(other)).toBe(true);
  });

  test.each([['CREATE USER'], ['GRANT "READER"'], ['GRANT SELECT'], ['DEFAULT ROLE'], ['SYNONYM']])(
    'a step that broke off before %s is finished by another process',
    async (statement) => {
      const engine = started();
      const {
        rotations,
        bench: { catalogue },
      } = engine;
      const app = engine.credentials();
      const name = app.username.toUpperCase();
      catalogue.add(name, app.password, {
        rights: [
          { privilege: 'CREATE SESSION' },
          { role: 'READER' },
          { role: 'WRITER' },
          { privilege: 'SELECT', owner: 'SHOP', name: 'ORDERS' },
        ],
        defaultRoles: ['READER'],
        synonyms: new Map([['ORDERS', { owner: 'SHOP', target: 'ORDERS', link: null }]]),
      });
      const arn = await engine.createSecret(app);
      const rotation = await rotations.begin(arn);
      catalogue.failures.push({ statement: new RegExp(statement), number: 3113 });
      const rotating = async (): ReturnType<typeof engine.bySuperuser> => engine.bySuperuser(arn, app.username, 'alternating');
      await rotations.step(await rotating(), rotation, 'createSecret');
      await expect(rotations.step(await rotating(), rotation, 'setSecret')).rejects.toThrow(
        'network: the connection to the database broke (ORA_03113)',
      );
      for (const step of STEPS.slice(1)) {
        await rotations.step(await rotating(), rotation, step);
      }
      const clone = catalogue.users.get(`${name}_CLONE`)!;
      expect([clone.rights.length, clone.defaultRoles, [...clone.synonyms.keys()]]).toEqual([4, ['READER'], ['ORDERS']]);
    },
  );

  test('a name in quotation marks does not alternate: what stands behind them belongs to no name', async () => {
    const engine = started();
    const app = await engine.createUser('"App"');
    const arn = await engine.createSecret(app);
    expect((await engine.refusal(await engine.bySuperuser(arn, app.username, 'alternating'), arn)).message).toContain(
      'has characters that need quotation marks',
    );
  });
});
