import type { DatabaseFacts } from '../../../src/contract/database-facts';
import type { Credentials, DatabaseBench } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

/** A pending value that can never be finished. */
export function describePendingValue(benchOf: () => DatabaseBench): void {
  let bench: DatabaseBench;
  let serial = 0;
  let app: Credentials;
  let arn: string;

  beforeEach(async () => {
    bench = benchOf();
    app = { username: `user${serial++}`, password: 'the first password' };
    await bench.createUser(app);
    arn = await bench.createSecret(bench.content(app));
  });

  const rotating = async (mode: 'prove' | 'superuser', more: Partial<DatabaseFacts>): Promise<FunctionInProcess> => {
    const database = { ...bench.facts, ...more };
    return bench.inProcess(
      'rotate-postgresql',
      mode === 'prove'
        ? { mode, database }
        : {
          mode,
          database,
          superuserSecret: await bench.createSuperuserSecret(),
          bindings: [{ secret: arn, username: app.username, strategy: 'single' }],
        },
    );
  };

  const malformed: [string, (content: Record<string, unknown>) => unknown, Partial<DatabaseFacts>?][] = [
    ['no JSON', () => 'the pending value'],
    ['a list', () => []],
    ['without a password', (content) => ({ ...content, password: undefined })],
    ['with a number for a password', (content) => ({ ...content, password: 7 })],
    ['without a user name', (content) => ({ ...content, username: undefined })],
    ['with a number for a database', (content) => ({ ...content, dbname: 7 })],
    ['binary', () => Buffer.from('x')],
    ['with a password that clients do not treat alike', (content) => ({ ...content, password: 'a\ue000' })],
    [
      'with a password that PostgreSQL cannot have',
      (content) => ({ ...content, password: 'a\0b' }),
      { plainPasswordStatement: true },
    ],
  ];

  describe.each(['prove', 'superuser'] as const)('in mode %s', (mode) => {
    test.each(malformed)('is dropped before anything is sent, and the next token is clean: %s', async (_, change, more = {}) => {
      for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
        const connections = bench.connections();
        const rotation = await bench.begin(arn);
        await bench.put(arn, change(bench.content(app)), ['AWSPENDING'], rotation.token);
        const error: unknown = await bench.step(await rotating(mode, more), rotation, step).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ errorClass: 'stale', message: expect.stringContaining('rotate again') });
        expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
        expect(bench.connections()).toBe(connections);
      }
      await bench.rotate(await rotating(mode, more), arn);
      expect(await bench.worksFor(await bench.credentials(arn))).toBe(true);
    });
  });

  test('is not one that a server takes as it is', async () => {
    const rotation = await bench.begin(arn);
    await bench.put(arn, bench.content({ ...app, password: 'a\ue000' }), ['AWSPENDING'], rotation.token);
    await bench.step(await rotating('prove', { plainPasswordStatement: true }), rotation, 'setSecret');
    expect((await bench.labels(arn)).AWSPENDING).toBe(rotation.token);
  });
}
