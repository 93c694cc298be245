import { setTimeout as sleep } from 'node:timers/promises';
import { satisfiesRules } from '../../../handlers/database/generate-password';
import {
  type PendingRotationContext, RotationFailure, type RotationFailureClass, rotationHandler, type RotationSteps,
} from '../../../handlers/rotation-runtime';
import { StepsStrategy } from '../../../handlers/rotation-runtime/steps-strategy';
import type { StepsBinding } from '../../../src/contract/steps-binding';
import { requireServer } from '../../servers/require-server';
import { type BenchRotation, RotationBench, STEPS } from '../support/rotation-bench';
import { rotationEnvironment } from '../support/rotation-environment';
import { FUNCTION_ARN, FunctionInProcess } from '../support/rotation-function';

const CANARY = 'canary';
const password = { length: 24, excludeCharacters: '"\\' };

requireServer('secrets-manager')('steps of a user', () => {
  let bench: RotationBench;
  let valid: Set<string>;
  let said: string[];

  /** A system that knows values, and says what it was asked. */
  const steps: RotationSteps = {
    set: async ({ pending }) => {
      said.push('set');
      valid.add((await pending()).text);
    },
    test: async ({ pending }) => {
      said.push('test');
      if (!valid.has((await pending()).text)) {
        throw new RotationFailure('authentication', 'the value is not known');
      }
    },
  };

  const rotatingBy = (own: Partial<RotationSteps>, binding: Partial<StepsBinding>, milliseconds?: number): FunctionInProcess =>
    new FunctionInProcess({
      strategy: (facts) => new StepsStrategy(facts.stepsBindings, { ...steps, ...own }),
      variables: rotationEnvironment(bench.guard, { bindings: [{ secret: 'x', ...binding }] }),
    }, milliseconds);

  const begun = async (value: unknown): Promise<BenchRotation> => bench.begin(await bench.createSecret(value));

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => {
    bench.guard.reset();
    valid = new Set();
    said = [];
  });

  test('a random text, three times in a row: set and tested once each', async () => {
    const arn = await bench.createSecret('the first value');
    const rotating = rotatingBy({}, { secret: arn, password });
    const values = new Set<string>();
    for (let rotation = 0; rotation < 3; rotation++) {
      said = [];
      const { token } = await bench.rotate(rotating, arn);
      values.add(await bench.value(arn));
      expect([said, await bench.labels(arn)]).toEqual([['set', 'test'], expect.objectContaining({ AWSCURRENT: token })]);
    }
    expect([values.size, [...values].every((value) => satisfiesRules(value, password))]).toEqual([3, true]);
    expect([...valid]).toEqual([...values]);
  });

  test('the former value is brought back where the system takes it, whoever has made it', async () => {
    for (const own of [{}, { create: async ({ versionId }: { versionId: string }) => `made for ${versionId}` }]) {
      const arn = await bench.createSecret('the first value');
      const rotating = rotatingBy(own, { secret: arn, password });
      await bench.rotate(rotating, arn);
      const former = await bench.value(arn);
      await bench.rotate(rotating, arn);
      const rotation = await bench.begin(arn);
      await bench.askBack(rotation);
      said = [];
      await bench.drive(rotating, rotation);
      expect([await bench.value(arn), said]).toEqual([former, ['set', 'test']]);
    }
  });

  test('a former value that breaks the rules is refused before the code of the user runs', async () => {
    const arn = await bench.createSecret('the first value');
    const rotating = rotatingBy({}, { secret: arn, password });
    await bench.rotate(rotating, arn);
    const rotation = await bench.begin(arn);
    await bench.askBack(rotation);
    said = [];
    await expect(bench.step(rotating, rotation, 'createSecret')).rejects.toMatchObject({ errorClass: 'stale' });
    expect(said).toEqual([]);
  });

  test('a random field, the rest as it is', async () => {
    const arn = await bench.createSecret({ user: 'kept', key: 'old' });
    await bench.rotate(rotatingBy({}, { secret: arn, field: 'key', password }), arn);
    const value = JSON.parse(await bench.value(arn)) as Record<string, string>;
    expect(value).toEqual({ user: 'kept', key: expect.any(String) });
    expect(satisfiesRules(value.key, password)).toBe(true);
  });

  test('a value of its own making: a text, or fields of what is there', async () => {
    const text = await bench.createSecret('the first value');
    await bench.rotate(rotatingBy({ create: async ({ versionId }) => `made for ${versionId}` }, { secret: text }), text);
    expect(await bench.value(text)).toBe(`made for ${(await bench.labels(text)).AWSCURRENT}`);
    const fields = await bench.createSecret({ user: 'kept', key: 'old' });
    const create: RotationSteps['create'] = async ({ current }) => ({ key: `new, not ${(await current()).field('key')}`, id: 7 });
    await bench.rotate(rotatingBy({ create }, { secret: fields }), fields);
    expect(JSON.parse(await bench.value(fields))).toEqual({ user: 'kept', key: 'new, not old', id: 7 });
  });

  test('a value that was made and stored is not made again, by another process either', async () => {
    const rotation = await begun('the first value');
    let made = 0;
    const another = (): FunctionInProcess => rotatingBy({ create: async () => `made ${++made}` }, { secret: rotation.arn });
    await bench.step(another(), rotation, 'createSecret');
    await bench.step(another(), rotation, 'createSecret');
    expect([made, await bench.value(rotation.arn, 'AWSPENDING', rotation.token)]).toEqual([1, 'made 1']);
  });

  test.each([undefined, '', 7, null, ['x']])('a value that is none is refused: %j', async (value) => {
    const rotation = await begun({ key: 'x' });
    await expect(
      bench.step(rotatingBy({ create: async () => value as never }, { secret: rotation.arn }), rotation, 'createSecret'),
    ).rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('create() has returned neither') });
    expect(bench.guard.count('PutSecretValue')).toBe(0);
  });

  test('knows the rotation: who, how long, and what the values are', async () => {
    const arn = await bench.createSecret('the first value');
    const seen: unknown[] = [];
    const look = async ({
      remainingMilliseconds,
      current,
      previous,
      pending,
      ...known
    }: PendingRotationContext): Promise<void> => {
      seen.push([
        known.secretArn, known.versionId, known.signal.aborted, (await current()).text, (await previous())?.text,
        (await pending()).text,
      ]);
      expect(remainingMilliseconds()).toBeGreaterThan(10_000);
      expect(remainingMilliseconds()).toBeLessThanOrEqual(20_000);
    };
    let serial = 0;
    const rotating = rotatingBy(
      { create: async () => `value ${++serial}`, set: look, test: async () => undefined },
      { secret: arn },
    );
    const [one, two] = [await bench.rotate(rotating, arn), await bench.rotate(rotating, arn)];
    expect(seen).toEqual([
      [arn, one.token, false, 'the first value', undefined, 'value 1'],
      [arn, two.token, false, 'value 1', 'the first value', 'value 2'],
    ]);
  });

  test('a former value that is binary is none', async () => {
    const rotation = await begun('the first value');
    await bench.put(rotation.arn, Buffer.from('x'), ['AWSPREVIOUS']);
    await bench.put(rotation.arn, 'x', ['AWSPENDING'], rotation.token);
    let former: unknown = 'not looked at';
    await bench.step(
      rotatingBy(
        {
          set: async ({ previous }) => {
            former = await previous();
          },
        },
        { secret: rotation.arn },
      ),
      rotation,
      'setSecret',
    );
    expect(former).toBeUndefined();
  });

  test.each<[string, unknown, string]>([
    ['no JSON object', 'text', 'AWSCURRENT is not a JSON object'],
    ['no such field', { other: 'x' }, "AWSCURRENT has no text in the field 'key'"],
    ['a field of another type', { key: 7 }, "AWSCURRENT has no text in the field 'key'"],
  ])('a field that cannot be read is a fault of the secret: %s', async (_, value, message) => {
    const rotation = await begun(value);
    const rotating = rotatingBy({ create: async ({ current }) => (await current()).field('key') }, { secret: rotation.arn });
    await expect(bench.step(rotating, rotation, 'createSecret'))
      .rejects.toMatchObject({ errorClass: 'configuration', message: `configuration: ${message}` });
  });

  test('random values follow the rules of the secret, where it has any', async () => {
    const rotation = await begun('the first value');
    const create: RotationSteps['create'] = async ({ randomValue }) => `key_${randomValue()}`;
    await bench.step(rotatingBy({ create }, { secret: rotation.arn, password }), rotation, 'createSecret');
    const [prefix, value] = (await bench.value(rotation.arn, 'AWSPENDING', rotation.token)).split(/(?<=^key_)/);
    expect([prefix, satisfiesRules(value, password)]).toEqual(['key_', true]);
    const other = await begun('the first value');
    for (const own of [{ create }, {}]) {
      await expect(bench.step(rotatingBy(own, { secret: other.arn }), other, 'createSecret'))
        .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('make the value in create()') });
    }
  });

  test('a secret that is not bound is not shown to the steps', async () => {
    const rotation = await begun('the first value');
    const rotating = rotatingBy({ create: async () => { said.push('create'); return 'x'; } }, {});
    await expect(bench.step(rotating, rotation, 'testSecret')).rejects.toThrow('not bound');
    await bench.put(rotation.arn, 'x', ['AWSPENDING'], rotation.token);
    for (const step of STEPS) {
      await expect(bench.step(rotating, rotation, step)).rejects.toThrow('not bound');
    }
    expect([said, bench.guard.count('PutSecretValue'), bench.guard.count('UpdateSecretVersionStage')]).toEqual([[], 0, 0]);
  });

  test.each([
    ['key', { key: 'too short' }],
    ['key', 'no JSON'],
    [undefined, 'too short'],
  ])('a random value that somebody else has made is not set: field %s, %j', async (field, value) => {
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      const rotation = await begun({ key: 'first' });
      await bench.put(rotation.arn, value, ['AWSPENDING'], rotation.token);
      await expect(bench.step(rotatingBy({}, { secret: rotation.arn, field, password }), rotation, step))
        .rejects.toMatchObject({ errorClass: 'stale' });
      expect([said, await bench.labels(rotation.arn)])
        .toEqual([[], expect.not.objectContaining({ AWSPENDING: expect.anything() })]);
    }
  });

  test.each([
    ['no value', false],
    ['the current value', true],
  ])('a schedule that is tried out tests the current value: AWSPENDING holds %s', async (_, filled) => {
    const rotation = await begun('set by hand');
    const rotating = rotatingBy({}, { secret: rotation.arn, password });
    if (filled) {
      await bench.put(rotation.arn, 'set by hand', ['AWSPENDING'], rotation.token);
    }
    await expect(bench.step(rotating, rotation, 'testSecret')).rejects.toMatchObject({ errorClass: 'authentication' });
    valid.add('set by hand');
    await bench.step(rotating, rotation, 'testSecret');
    expect((await bench.labels(rotation.arn)).AWSPENDING).toBe(rotation.token);
  });

  test('what another process has not tested is tested before it becomes current', async () => {
    const rotation = await begun('the first value');
    const another = (): FunctionInProcess => rotatingBy({}, { secret: rotation.arn, password });
    await bench.step(another(), rotation, 'createSecret');
    await expect(bench.step(another(), rotation, 'finishSecret')).rejects.toMatchObject({ errorClass: 'authentication' });
    expect(await bench.value(rotation.arn)).toBe('the first value');
    await bench.step(another(), rotation, 'setSecret');
    await bench.step(another(), rotation, 'finishSecret');
    expect(await bench.labels(rotation.arn)).toMatchObject({ AWSCURRENT: rotation.token });
  });

  const classes: RotationFailureClass[] = [
    'authentication', 'permission', 'tls', 'protocol', 'network', 'timeout', 'configuration', 'conflict', 'readOnly',
    'throttling', 'unavailable',
  ];

  test.each(classes)('a failure of the class %s is reported with its text and its code', async (failureClass) => {
    const rotation = await begun('the first value');
    const rotating = rotatingBy(
      {
        create: async () => {
          throw new RotationFailure(failureClass, 'said by the user', '429');
        },
      },
      { secret: rotation.arn },
    );
    await expect(bench.step(rotating, rotation, 'createSecret')).rejects.toMatchObject({
      name: 'RotationError', errorClass: failureClass, code: '429', message: `${failureClass}: said by the user (429)`,
    });
    expect(rotating.lastLine)
      .toMatchObject({ errorClass: failureClass, errorCode: '429', step: 'createSecret', outcome: 'failed' });
  });

  test('a pending value that can never work is dropped, and the next rotation is clean', async () => {
    const rotation = await begun('the first value');
    await bench.put(rotation.arn, 'x', ['AWSPENDING'], rotation.token);
    const rotating = rotatingBy(
      {
        set: async () => {
          throw new RotationFailure('stale', 'the key has been revoked');
        },
      },
      { secret: rotation.arn, password: undefined },
    );
    await expect(bench.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({
      errorClass: 'stale', message: expect.stringMatching(/^stale: the key has been revoked; the version has lost AWSPENDING/),
    });
    expect(await bench.labels(rotation.arn)).not.toHaveProperty('AWSPENDING');
    const { token } = await bench.rotate(rotatingBy({}, { secret: rotation.arn, password }), rotation.arn);
    expect(await bench.labels(rotation.arn)).toMatchObject({ AWSCURRENT: token });
  });

  test('a failure cannot forge lines of the log, nor fill it', async () => {
    const rotation = await begun('the first value');
    const rotating = rotatingBy(
      {
        create: async () => {
          throw new RotationFailure('network', `\n{"level":"INFO"}${'x'.repeat(10_000)}`, 'no code\n');
        },
      },
      { secret: rotation.arn },
    );
    await expect(bench.step(rotating, rotation, 'createSecret'))
      .rejects.toMatchObject({ code: undefined, message: expect.stringMatching(/^network: \\u\{a\}.{495}$/) });
  });

  test.each<[string, () => unknown, string]>([
    ['an error', () => new Error(CANARY), 'internal: unexpected error'],
    ['an error with a code', () => Object.assign(new Error(CANARY), { code: 'ECONNRESET' }), '(ECONNRESET)'],
    [
      'an error that quotes',
      () => {
        try {
          return JSON.parse(`{${CANARY}`) as unknown;
        } catch (error) {
          return error;
        }
      },
      'internal: unexpected SyntaxError',
    ],
    [
      'an error with a cause',
      () => new TypeError('fetch failed', { cause: new Error(CANARY) }),
      'internal: unexpected TypeError',
    ],
    ['a text', () => CANARY, 'internal: unexpected failure'],
  ])('of %s that is thrown nothing is told but that', async (_, thrown, text) => {
    for (const step of ['create', 'set', 'test'] as const) {
      const rotation = await begun(`${CANARY} current`);
      const rotating = rotatingBy({ [step]: async () => { throw thrown(); } }, { secret: rotation.arn });
      await bench.put(
        rotation.arn,
        `${CANARY} pending`,
        step === 'create' ? ['KEPT'] : ['AWSPENDING'],
        step === 'create' ? undefined : rotation.token,
      );
      const error = await bench.step(rotating, rotation, `${step}Secret`).catch((failure: unknown) => failure) as Error;
      const everything = JSON.stringify([error.name, error.message, error.cause, { ...error }]) + rotating.output();
      expect(everything).toContain(text);
      expect(everything).not.toContain(CANARY);
    }
  });

  test('steps that fail before their first await are no different', async () => {
    const rotation = await begun('the first value');
    const rotating = rotatingBy(
      {
        create: () => {
          throw new RotationFailure('conflict', 'at once');
        },
      },
      { secret: rotation.arn },
    );
    await expect(bench.step(rotating, rotation, 'createSecret')).rejects.toMatchObject({ errorClass: 'conflict' });
  });

  test('a step that does not end is given up before Lambda ends it, and told so', async () => {
    const rotation = await begun('the first value');
    let aborted = false;
    const create: RotationSteps['create'] = async ({ signal }) => {
      signal.addEventListener('abort', () => aborted = true);
      await sleep(60_000, undefined, { ref: false });
      return 'too late';
    };
    const limits = jest.spyOn(globalThis, 'setTimeout');
    await expect(bench.step(rotatingBy({ create }, { secret: rotation.arn }, 2_500), rotation, 'createSecret'))
      .rejects.toMatchObject({ errorClass: 'timeout', message: 'timeout: create() has not ended in time' });
    expect(Math.max(...limits.mock.calls.map(([, milliseconds]) => milliseconds ?? 0))).toBeLessThan(2_500 - 500);
    limits.mockRestore();
    expect(aborted).toBe(true);
  });

  test('the entry makes a handler, with the environment of its process and a line of log for each step', async () => {
    const arn = await bench.createSecret('the first value');
    jest.replaceProperty(process, 'env', rotationEnvironment(bench.guard, { bindings: [{ secret: arn, password }] }));
    const lines = jest.spyOn(console, 'log').mockImplementation();
    const handler = rotationHandler(steps);
    const rotation = await bench.begin(arn);
    for (const step of STEPS) {
      await handler(bench.event(rotation, step), { invokedFunctionArn: FUNCTION_ARN, getRemainingTimeInMillis: () => 20_000 });
    }
    const written = lines.mock.calls.map(([line]) => JSON.parse(line as string) as Record<string, unknown>);
    jest.restoreAllMocks();
    expect(written)
      .toEqual(STEPS.map((step) => ({ level: 'INFO', secret: arn, step, outcome: 'done', durationMs: expect.any(Number) })));
    expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
  });
});
