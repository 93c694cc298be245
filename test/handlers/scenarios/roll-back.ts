import type { UserBinding } from '../../../src/contract/database-facts';
import { type BenchRotation, type Credentials, type DatabaseBench, STEPS } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

type Kind = 'prove' | Exclude<UserBinding['strategy'], 'dualPassword'>;

const KINDS: Kind[] = ['prove', 'single', 'alternating'];
const REFUSED = { errorClass: 'stale' };

/** Rotations that bring the former value back, in the secret and in the database. */
export function describeRollBack(benchOf: () => DatabaseBench): void {
  let bench: DatabaseBench;
  let serial = 0;
  let app: Credentials;
  let arn: string;
  let superuserSecret: string;

  const rotatingWith = (kind: Kind): FunctionInProcess => bench.inProcess('rotate-postgresql', {
    database: bench.facts,
    ...kind === 'prove' ? { mode: 'prove' } : {
      mode: 'superuser', superuserSecret, bindings: [{ secret: arn, username: app.username, strategy: kind }],
    },
  });
  const asked = async (versionId?: string): Promise<BenchRotation> => {
    const rotation = await bench.begin(arn);
    await bench.askBack(rotation, versionId);
    return rotation;
  };
  const drive = async (kind: Kind, rotation: BenchRotation): Promise<void> => {
    for (const step of STEPS) {
      await bench.step(rotatingWith(kind), rotation, step);
    }
  };
  const refuses = async (kind: Kind, text: string, versionId?: string): Promise<void> => {
    const before = await bench.value(arn);
    const rotation = await asked(versionId);
    await expect(bench.step(rotatingWith(kind), rotation, 'createSecret'))
      .rejects.toMatchObject({ ...REFUSED, message: expect.stringContaining(text) as string });
    expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
    // What Secrets Manager tries again makes no new value either.
    await expect(bench.step(rotatingWith(kind), rotation, 'createSecret')).rejects.toThrow('no version with the token');
    expect(await bench.value(arn)).toBe(before);
  };

  beforeEach(async () => {
    bench = benchOf();
    bench.reset();
    app = { username: `back${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    arn = await bench.createSecret(bench.content(app, { note: 'of the first' }));
    superuserSecret = await bench.createSuperuserSecret();
  });

  test.each(KINDS)('there, back and there again, each step twice: %s', async (kind) => {
    await bench.rotate(rotatingWith(kind), arn);
    const second = await bench.credentials(arn);
    const rotation = await asked();
    for (const step of STEPS) {
      await bench.step(rotatingWith(kind), rotation, step);
      await bench.step(rotatingWith(kind), rotation, step);
    }
    expect(await bench.credentials(arn)).toEqual(bench.content(app, { note: 'of the first' }));
    expect(await bench.labels(arn)).toEqual({ AWSCURRENT: rotation.token, AWSPREVIOUS: expect.any(String) as string });
    expect([await bench.worksFor(app), await bench.worksFor(second)]).toEqual([true, kind === 'alternating']);
    await drive(kind, await asked());
    expect(await bench.credentials(arn)).toEqual(second);
    expect([await bench.worksFor(app), await bench.worksFor(second)]).toEqual([kind === 'alternating', true]);
    await bench.rotate(rotatingWith(kind), arn);
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });

  test.each(KINDS)('where the database has the former password already, it stays: %s', async (kind) => {
    await bench.rotate(rotatingWith(kind), arn);
    await bench.setPassword(app.username, app.password);
    await drive(kind, await asked());
    expect(await bench.credentials(arn)).toMatchObject(app);
    expect(await bench.worksFor(app)).toBe(true);
  });

  test.each(KINDS)('only the rotation that was asked brings a value back: %s', async (kind) => {
    await bench.rotate(rotatingWith(kind), arn);
    const cancelled = await asked();
    await bench.abandon(cancelled);
    await bench.rotate(rotatingWith(kind), arn);
    const { password } = await bench.credentials(arn);
    expect([app.password, (await bench.credentials(arn, 'AWSPREVIOUS')).password]).not.toContain(password);
  });

  test.each(KINDS)('what could not be finished is refused before any login, and for good: %s', async (kind) => {
    const first = (await bench.labels(arn)).AWSCURRENT;
    await bench.rotate(rotatingWith(kind), arn);
    await bench.rotate(rotatingWith(kind), arn);
    const connections = bench.connections();
    await refuses(kind, 'not AWSPREVIOUS any more', first);
    await bench.replace(arn, bench.content(app, { host: 'elsewhere.example' }));
    await bench.replace(arn, bench.content(app));
    await refuses(kind, 'host');
    await bench.replace(arn, await bench.value(arn));
    await refuses(kind, 'AWSPREVIOUS has the value of AWSCURRENT');
    await bench.replace(arn, Buffer.from('x'));
    await bench.replace(arn, bench.content(app));
    await refuses(kind, 'it is binary');
    await bench.replace(arn, bench.content({ username: 'postgres', password: 'x' }));
    await bench.replace(arn, bench.content(app));
    await refuses(kind, 'names another user');
    expect(bench.connections()).toBe(connections);
  });

  test('with alternating users, the former value of the same user is refused: its turn is over', async () => {
    await bench.replace(arn, bench.content({ ...app, password: 'put by hand' }));
    await refuses('alternating', 'names another user than the one whose turn it is');
  });

  test('where nobody could sign in with the former value, AWSCURRENT goes on working', async () => {
    await bench.rotate(rotatingWith('single'), arn);
    const current = await bench.value(arn);
    await bench.replace(arn, bench.content(app, { dbname: 'nosuch' }));
    await bench.replace(arn, JSON.parse(current));
    await expect(drive('single', await asked())).rejects.toMatchObject({ code: '3D000' });
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    await bench.abandon(await bench.pendingOf(arn));
    await refuses('prove', 'AWSPREVIOUS names another database (dbname) than AWSCURRENT');
    expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
  });
}
