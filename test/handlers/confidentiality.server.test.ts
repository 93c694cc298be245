import { requireServer } from '../servers/require-server';
import type { FunctionInLambda } from './support/function-in-lambda';
import { type Credentials, RotationBench, STEPS } from './support/rotation-bench';

const CANARY = 'canary';
const ROTATION_TOKEN = `${CANARY}-rotation-token-0123456789abcdef`;

/** Everything that an error says, with all that hangs on it. */
function everythingOf(thrown: unknown): string {
  const error = thrown as Error & { reported?: unknown };
  return JSON.stringify([error.name, error.message, error.stack, error.cause, { ...error }, error.reported]);
}

/**
 * No value of a secret, and no word of the driver, of AWS or of JSON, leaves the process.
 *
 * The bundle runs as in Lambda, which reports and logs whatever hangs on an error.
 */
requireServer('postgresql-18', 'secrets-manager', 'lambda-runtime')('what leaves the process', () => {
  let bench: RotationBench;
  let app: Credentials;
  let proving: FunctionInLambda;
  let serial = 0;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18 });
    proving = await bench.inLambda('rotate-postgresql', { mode: 'prove', database: bench.facts });
  });

  afterAll(() => bench.stop());

  beforeEach(async () => {
    bench.guard.reset();
    app = { username: `user${serial++}`, password: `${CANARY} current "password" \\ ' %s` };
    await bench.createUser(app);
  });

  /** All that Lambda got to know of the four steps, with the values that were made. */
  const heard = async (rotating: FunctionInLambda, arn: string): Promise<string> => {
    const rotation = await bench.begin(arn);
    const errors: string[] = [];
    for (const step of STEPS) {
      const event = { ...bench.event(rotation, step), RotationToken: ROTATION_TOKEN };
      await rotating.invoke(event).catch((thrown: unknown) => errors.push(everythingOf(thrown)));
    }
    const made = await bench.value(arn, '', rotation.token).catch(() => '{}');
    const text = [rotating.output(), ...errors].join('\n');
    for (const value of Object.values(parsed(made)).filter((field) => typeof field === 'string' && field.length > 20)) {
      expect(text).not.toContain(value);
    }
    return text;
  };

  test('a rotation that works', async () => {
    const text = await heard(proving, await bench.createSecret(bench.content(app)));
    expect(text).toContain('"outcome":"done"');
    expect(text).not.toContain(CANARY);
  });

  test.each([
    ['no JSON', `${CANARY} {"password":"${CANARY}"`], ['half JSON', `{"password":"${CANARY}`], ['a list', `["${CANARY}"]`],
    ['a user name of another type', { username: [CANARY], password: CANARY }], ['another host', { host: CANARY }],
    ['another engine', { engine: CANARY }],
    ['another port', { port: CANARY }], ['a database that does not exist', { dbname: CANARY }],
    ['a password that is wrong', { password: CANARY }],
    ['a user that does not exist', { username: CANARY }],
    ['a user name that ends the packet', { username: `${CANARY}\0database` }],
    ['a user name that looks like a log line', { username: `${CANARY}\n{"level":"INFO"}\x1b[2J` }],
  ])('a value that is wrong: %s', async (_, value) => {
    const arn = await bench.createSecret(
      typeof value === 'string' ? value : { ...bench.content({ ...app, password: 'x' }), ...value },
    );
    const text = await heard(proving, arn);
    expect(text).toContain('"outcome":"failed"');
    expect(text).not.toContain(CANARY);
    expect(text.split('\n').every((line) => !line.startsWith('{"level":"INFO"}'))).toBe(true);
  });

  test('the database refuses the statement', async () => {
    const arn = await bench.createSecret(bench.content({ ...app, password: 'the current password' }));
    await bench.database.query(`ALTER ROLE "${app.username}" PASSWORD 'the current password'`);
    const plain = await bench.inLambda('rotate-postgresql', {
      mode: 'prove',
      database: { ...bench.facts, plainPasswordStatement: true },
    });
    await bench.database.query(`ALTER ROLE "${app.username}" SET password_encryption = 'md5'`);
    const text = await heard(plain, arn);
    expect(text).toContain('"errorClass":"configuration"');
    expect(text).not.toContain(CANARY);
  });

  test('the superuser is refused, and the clone is not one', async () => {
    const arn = await bench.createSecret(bench.content(app));
    const options = {
      mode: 'superuser',
      database: bench.facts,
      bindings: [{ secret: arn, username: app.username, strategy: 'alternating' }],
    } as const;
    await bench.database.query(`CREATE ROLE "${app.username}_clone" LOGIN PASSWORD '${CANARY}' IN ROLE pg_monitor`);
    for (const superuser of [{ username: 'postgres', password: CANARY }, `${CANARY}{`, bench.database.superuser]) {
      const rotating = await bench.inLambda('rotate-postgresql', {
        ...options,
        superuserSecret: await bench.createSecret(superuser),
      });
      const text = await heard(rotating, arn);
      expect(text).toContain('"outcome":"failed"');
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(bench.database.superuser.password);
      await bench.abandon(await bench.pendingOf(arn));
    }
  });

  test('a value that breaks the rules of the function that makes values', async () => {
    const arn = await bench.createSecret(`${CANARY} first`);
    const regenerating = await bench.inLambda('regenerate', {
      bindings: [{ secret: arn, field: 'key', password: { length: 30, excludeCharacters: '' } }],
    });
    const text = await heard(regenerating, arn);
    expect(text).toContain('"errorClass":"configuration"');
    expect(text).not.toContain(CANARY);
  });

  test.each(['AccessDeniedException', 'InternalServiceError', 'ThrottlingException'] as const)(
    'Secrets Manager refuses with %s',
    async (name) => {
      const arn = await bench.createSecret(bench.content(app));
      const hurried = await bench.inLambda('rotate-postgresql', { mode: 'prove', database: bench.facts }, 6);
      const rotation = await bench.begin(arn);
      bench.guard.fault({ times: 1_000, effect: { kind: 'error', name } });
      const event = { ...bench.event(rotation, 'createSecret'), RotationToken: ROTATION_TOKEN };
      const error: unknown = await hurried.invoke(event).catch((thrown: unknown) => thrown);
      const text = everythingOf(error) + hurried.output();
      expect(text).toContain(name);
      expect(text).not.toContain('The test asked for this error');
      expect(text).not.toContain(CANARY);
    },
  );

  const wrong = [
    { Step: CANARY }, { SecretId: CANARY }, { ClientRequestToken: CANARY }, { RotationToken: CANARY },
    { [CANARY]: CANARY, Step: undefined },
  ];

  test.each(wrong)('an event that is wrong: %j', async (change) => {
    const rotation = { arn: await bench.createSecret(bench.content(app)), token: '00000000-0000-0000-0000-000000000000' };
    const error: unknown = await proving.invoke({ ...bench.event(rotation, 'createSecret'), ...change })
      .catch((thrown: unknown) => thrown);
    expect(everythingOf(error)).toContain('request:');
    expect(everythingOf(error) + proving.output()).not.toContain(CANARY);
  });

  test('the database goes away while a statement runs', async () => {
    const arn = await bench.createSecret(bench.content(app));
    const hurried = await bench.inLambda('rotate-postgresql', { mode: 'prove', database: bench.facts }, 6);
    const rotation = await bench.begin(arn);
    await hurried.invoke({ ...bench.event(rotation, 'createSecret'), RotationToken: ROTATION_TOKEN });
    await bench.database.query('CHECKPOINT');
    await bench.database.kill();
    const error: unknown = await hurried.invoke(bench.event(rotation, 'setSecret')).catch((thrown: unknown) => thrown);
    await bench.database.restart();
    expect(everythingOf(error)).toContain('network:');
    expect(everythingOf(error) + hurried.output()).not.toContain(CANARY);
  });
});

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
