import { type BenchRotation, type Credentials, type DatabaseBench, type StepName, STEPS } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** The rotation of a user with its own credentials, whatever the database is. */
export function describeOwnLogin(benchOf: () => DatabaseBench): void {
  let bench: DatabaseBench;
  let serial = 0;
  let app: Credentials;
  let arn: string;
  let rotating: FunctionInProcess;

  const another = (options = {}): FunctionInProcess =>
    bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts, ...options });
  const steps = async (rotation: BenchRotation, ...names: StepName[]): Promise<void> => {
    for (const name of names) {
      await bench.step(rotating, rotation, name);
    }
  };

  beforeEach(async () => {
    bench = benchOf();
    bench.reset();
    app = { username: `user${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    arn = await bench.createSecret(bench.content(app));
    rotating = another();
  });

  test.each(STEPS)('repeating %s, in the same process or another, changes nothing', async (repeated) => {
    const rotation = await bench.begin(arn);
    for (const step of STEPS) {
      await bench.step(rotating, rotation, step);
      if (step === repeated) {
        const verifier = await bench.verifierOf(app.username);
        const labels = await bench.labels(arn);
        const value = await bench.value(arn, '', rotation.token);
        await bench.step(rotating, rotation, step);
        await bench.step(another(), rotation, step);
        expect([await bench.verifierOf(app.username), await bench.labels(arn), await bench.value(arn, '', rotation.token)])
          .toEqual([verifier, labels, value]);
      }
    }
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('setting a password whose answer was lost sets the same one, without a change of the verifier', async () => {
    const refusals = bench.refusals();
    const rotation = await bench.begin(arn);
    await steps(rotation, 'createSecret', 'setSecret');
    const verifier = await bench.verifierOf(app.username);
    await bench.step(another(), rotation, 'setSecret');
    expect(await bench.verifierOf(app.username)).toBe(verifier);
    expect(bench.refusals() - refusals).toBe(1);
  });

  test.each(['label taken away', 'label moved to a new token'])(
    'an abandoned rotation whose password is in force heals: %s',
    async (how) => {
      const before = bench.refusals();
      const abandoned = await bench.begin(arn);
      await steps(abandoned, 'createSecret', 'setSecret');
      await bench.abandon(abandoned);
      if (how !== 'label taken away') {
        for (let junk = 0; junk < 3; junk++) {
          const labelled = await bench.put(arn, { junk }, ['AWSPENDING']);
          await bench.abandon({ arn, token: labelled });
        }
      }
      rotating = another();
      await bench.rotate(rotating, arn);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
      expect(bench.refusals() - before).toBe(1);
    },
  );

  test('an abandoned rotation heals where the server does not tell whose password it holds', async () => {
    const plain = { database: { ...bench.facts, plainPasswordStatement: true } };
    rotating = another(plain);
    const abandoned = await bench.begin(arn);
    await steps(abandoned, 'createSecret', 'setSecret');
    await bench.abandon(abandoned);
    rotating = another(plain);
    await bench.rotate(rotating, arn);
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('a value that was replaced heals through AWSPREVIOUS', async () => {
    await bench.replace(arn, bench.content({ ...app, password: 'not the one' }));
    await bench.rotate(rotating, arn);
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('a rotation that was taken back heals through AWSPREVIOUS, and the server tells that it is the one', async () => {
    await bench.rotate(rotating, arn);
    await bench.replace(arn, bench.content({ ...app, password: 'not the one' }));
    const rotation = await bench.begin(arn);
    await steps(rotation, 'createSecret');
    bench.reset();
    await steps(rotation, 'setSecret', 'testSecret', 'finishSecret');
    expect(bench.count('ListSecretVersionIds')).toBe(0);
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('former versions of other users, other databases or no form at all are not tried', async () => {
    await bench.setPassword(app.username, 'unknown to all');
    for (const wrong of [
      bench.content({ ...app, username: 'postgres' }),
      { ...bench.content(app), host: 'elsewhere.example' },
      'no JSON',
      Buffer.from('x'),
      app,
    ]) {
      await bench.replace(arn, wrong);
      await bench.replace(arn, bench.content({ ...app, password: 'not the one' }));
      const refusals = bench.refusals();
      await expect(bench.rotate(another(), arn)).rejects.toMatchObject({ errorClass: 'authentication' });
      expect(bench.refusals() - refusals).toBe(2);
      expect(bench.refusedUsers()).not.toContain('postgres');
      await bench.abandon(await bench.pendingOf(arn));
    }
  });

  test('a database that is not there is waited for, and reported while there is time to', async () => {
    const rotation = await bench.begin(arn);
    await steps(rotation, 'createSecret');
    await bench.stopDatabase();
    const late = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts }, 5_000);
    await expect(bench.step(late, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
    const started = bench.after(100, async () => bench.startDatabase());
    await bench.step(rotating, rotation, 'setSecret');
    await started;
    await steps(rotation, 'testSecret', 'finishSecret');
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test('a value that the deployment made anew, without engine and host, heals through AWSPREVIOUS', async () => {
    await bench.replace(arn, { username: app.username, password: 'generated', added: true });
    await bench.rotate(rotating, arn);
    const healed = await bench.credentials(arn);
    expect(healed).toMatchObject({ engine: 'postgres', host: bench.facts.host, added: true });
    expect(await bench.worksFor(healed)).toBe(true);
  });

  test.each([
    ['that the database was made with', false],
    ['that a rotation has set', true],
  ])('a value that was made anew twice heals through the older one %s', async (_, rotated) => {
    if (rotated) {
      await bench.rotate(rotating, arn);
    }
    await bench.replace(arn, { username: app.username, password: 'generated' });
    await bench.replace(arn, { username: app.username, password: 'generated again' });
    const refusals = bench.refusals();
    await bench.rotate(another(), arn);
    const healed = await bench.credentials(arn);
    expect(healed).toMatchObject({ engine: 'postgres', host: bench.facts.host });
    expect(await bench.worksFor(healed)).toBe(true);
    expect(bench.refusals() - refusals).toBe(1);
  });

  test('no value made anew is rotated where no version is for this database and this user', async () => {
    await bench.replace(arn, bench.content({ ...app, username: 'another' }));
    for (let turn = 0; turn < 12; turn++) {
      await bench.replace(arn, { username: 'new', password: `generated ${turn}` });
    }
    const rotation = await bench.begin(arn);
    await expect(bench.step(rotating, rotation, 'createSecret')).rejects.toThrow('does not name engine and host');
    expect(bench.count('GetSecretValue')).toBeLessThanOrEqual(12);
  });

  test('a former version without a password does not end the recovery', async () => {
    await bench.replace(arn, { ...bench.content(app), password: undefined });
    await bench.replace(arn, bench.content({ ...app, password: 'not the one' }));
    const refusals = bench.refusals();
    await expect(bench.rotate(rotating, arn)).rejects.toThrow("none of the secret's versions signs in, 2 tried");
    expect(bench.refusals() - refusals).toBe(2);
  });

  test('a former version works without the database that it names', async () => {
    const former = await bench.createSecret(bench.content(app, { dbname: 'dropped' }));
    await bench.replace(former, bench.content({ ...app, password: 'not the one' }));
    await bench.rotate(rotating, former);
    expect(await bench.worksFor(await bench.credentials(former))).toBe(true);
  });

  test('at most three logins fail, however many versions there are', async () => {
    await bench.replace(arn, bench.content({ ...app, password: 'replaced' }));
    for (let junk = 0; junk < 30; junk++) {
      await bench.put(arn, bench.content({ ...app, password: `junk ${junk}` }), [`JUNK${junk % 5}`]);
    }
    await bench.setPassword(app.username, 'unknown to all');
    const rotation = await bench.begin(arn);
    await steps(rotation, 'createSecret');
    const refusals = bench.refusals();
    await expect(bench.step(rotating, rotation, 'setSecret'))
      .rejects.toMatchObject({ errorClass: 'authentication', code: '28P01' });
    expect(bench.refusals() - refusals).toBeLessThanOrEqual(3);
    expect(bench.refusals() - refusals).toBeGreaterThan(0);
  });

  test.each([
    ['host', { host: 'elsewhere.example' }], ['host', { host: 7 }], ['port', { port: 1 }], ['port', { port: 'x' }],
    ['engine', { engine: 'mysql' }],
  ])('a current value for another %s is refused before anything is sent to a database', async (field, change) => {
    await bench.replace(arn, { ...bench.content(app), ...change });
    const connections = bench.connections();
    const rotation = await bench.begin(arn);
    for (const step of ['createSecret', 'testSecret'] as const) {
      await expect(bench.step(rotating, rotation, step)).rejects.toThrow(
        `AWSCURRENT is for another database than this function: ${field} differ; `
        + 'if the database has moved, put the host and the port of the deployment into the secret',
      );
    }
    await bench.put(arn, bench.content(app), ['AWSPENDING'], rotation.token);
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      await expect(bench.step(rotating, rotation, step)).rejects.toMatchObject({ errorClass: 'configuration' });
    }
    expect(bench.connections()).toBe(connections);
  });

  test.each([
    ['host', { host: 'elsewhere.example' }],
    ['port', { port: 1 }],
    ['engine', { engine: 'mysql' }],
    ['another user', { username: 'somebody_else' }],
    ['does not name engine and host', { host: undefined }],
  ])(
    'a pending value that can never be finished (%s) is dropped before anything is sent, and the next token is clean',
    async (reason, change) => {
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
        const connections = bench.connections();
        const rotation = await bench.begin(arn);
        await bench.put(arn, { ...bench.content(app), ...change }, ['AWSPENDING'], rotation.token);
        await expect(bench.step(another(), rotation, step))
          .rejects.toMatchObject({ errorClass: 'stale', message: expect.stringContaining(reason) });
        expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
        expect(bench.connections()).toBe(connections);
      }
      await bench.rotate(rotating, arn);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    },
  );

  test.each(['engine', 'host', 'username', 'password'])('a secret without %s is refused', async (field) => {
    const without = await bench.createSecret({ ...bench.content(app), [field]: undefined });
    const rotation = await bench.begin(without);
    const connections = bench.connections();
    const create = bench.step(rotating, rotation, 'createSecret');
    if (field === 'password') {
      await create;
      await expect(bench.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'configuration' });
    } else {
      await expect(create).rejects.toMatchObject({ errorClass: 'configuration' });
    }
    expect(bench.connections()).toBe(connections);
  });

  test.each(['port', 'dbname'])('a secret without %s rotates', async (field) => {
    const without = await bench.createSecret({ ...bench.content(app), [field]: undefined });
    await bench.rotate(rotating, without);
    expect(await bench.worksFor(await bench.credentials(without))).toBe(true);
  });

  test.each([
    ['text', 'not JSON'], ['a list', '[]'], ['null', 'null'],
    ['username a number', JSON.stringify({ username: 1, password: 'x', engine: 'postgres', host: 'localhost' })],
  ])('a value that is %s is refused', async (_, value) => {
    const odd = await bench.createSecret(value);
    await expect(bench.rotate(rotating, odd)).rejects.toMatchObject({ errorClass: 'configuration' });
  });

  test('a reserved user is not touched', async () => {
    const reserved = await bench.createSecret(bench.content({ ...app, username: 'rdsadmin' }));
    await expect(bench.rotate(rotating, reserved)).rejects.toThrow('reserved');
  });

  test.each([
    ['no value', false],
    ['the current value', true],
  ])('a test without a rotation: AWSPENDING holds %s', async (_, filled) => {
    const rotation = await bench.begin(arn);
    if (filled) {
      await bench.put(arn, await bench.value(arn), ['AWSPENDING'], rotation.token);
    }
    await bench.step(rotating, rotation, 'testSecret');
    await bench.setPassword(app.username, 'changed');
    await expect(bench.step(another(), rotation, 'testSecret')).rejects.toMatchObject({ errorClass: 'authentication' });
    expect((await bench.labels(arn)).AWSPENDING).toBe(rotation.token);
  });

  test('finishSecret alone promotes nothing that does not work', async () => {
    const rotation = await bench.begin(arn);
    await expect(bench.step(rotating, rotation, 'finishSecret')).rejects.toMatchObject({ errorClass: 'conflict' });
    await steps(rotation, 'createSecret');
    await expect(bench.step(rotating, rotation, 'finishSecret')).rejects.toMatchObject({ errorClass: 'authentication' });
    expect(await bench.credentials(arn)).toMatchObject(app);
    await expect(bench.step(rotating, rotation, 'testSecret')).rejects.toMatchObject({ errorClass: 'authentication' });
    await steps(rotation, 'setSecret', 'testSecret', 'finishSecret');
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });
}
