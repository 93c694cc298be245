import { ROTATION_MARKER_TAG } from '../../../src/contract/environment';
import type { ValueBinding } from '../../../src/contract/value-rules';
import { type BenchRotation, type SecretsBench, STEPS } from '../support/bench';
import type { FunctionInProcess } from '../support/rotation-function';

const NOTHING = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:nothing-AbCdEf';
const password = { length: 20, excludeCharacters: '' };

/** The frame of the steps, with the strategy that needs no database. */
export function describeStep(benchOf: () => SecretsBench): void {
  let bench: SecretsBench;
  let arn: string;
  let rotation: BenchRotation;
  let rotating: FunctionInProcess;
  const another = (): FunctionInProcess =>
    bench.inProcess('regenerate', { bindings: [{ secret: arn, password } satisfies ValueBinding] });

  beforeEach(async () => {
    bench = benchOf();
    bench.reset();
    arn = await bench.createSecret('the first value');
    rotation = await bench.begin(arn);
    rotating = another();
  });

  const everyStepFails = async (error: object, event: object = {}): Promise<void> => {
    for (const step of STEPS) {
      const value = await bench.value(arn).catch(() => 'gone');
      await expect(rotating.invoke({ ...bench.event(rotation, step), ...event }))
        .rejects.toMatchObject({ name: 'RotationError', ...error });
      expect(rotating.lastLine).toMatchObject({ level: 'ERROR', step, outcome: 'failed', ...error });
      expect(await bench.value(arn).catch(() => 'gone')).toBe(value);
    }
    expect(bench.count('PutSecretValue') + bench.count('UpdateSecretVersionStage')).toBe(0);
  };

  test('an unknown token', () =>
    everyStepFails({ errorClass: 'conflict' }, { ClientRequestToken: '00000000-0000-0000-0000-000000000000' }));

  test('a token that has lost AWSPENDING', async () => {
    await bench.put(arn, 'x', ['AWSPENDING', 'KEPT'], rotation.token);
    await bench.abandon(rotation);
    await everyStepFails({ errorClass: 'conflict', message: expect.stringContaining('AWSPENDING') });
  });

  test('rotation that was switched off', async () => {
    await bench.switchOff(arn);
    await everyStepFails({ errorClass: 'conflict', message: expect.stringContaining('switched off') });
  });

  test('a secret without the marker tag', async () => {
    await bench.untag(arn, ROTATION_MARKER_TAG);
    await everyStepFails({ errorClass: 'configuration', message: expect.stringContaining(ROTATION_MARKER_TAG) });
  });

  test('a secret that another function rotates', async () => {
    arn = await bench.createSecret('x');
    rotation = await bench.begin(arn, 'another-function');
    rotating = another();
    await everyStepFails({ errorClass: 'configuration', message: expect.stringContaining('another function') });
  });

  test('a secret that does not exist', () => everyStepFails({ errorClass: 'configuration' }, { SecretId: NOTHING }));

  test('a secret that is scheduled for deletion', async () => {
    await bench.scheduleDeletion(arn);
    await everyStepFails({ errorClass: 'conflict', message: expect.stringContaining('deletion') });
  });

  test.each([undefined, null, 'x', 7, [], {}, { Step: 'createSecret' }, { audit: 'x' }])(
    'an event that is none: %j',
    async (event) => {
      await expect(rotating.invoke(event)).rejects.toMatchObject({ errorClass: 'request' });
      expect(bench.count()).toBe(0);
      expect(rotating.lastLine).toMatchObject({ outcome: 'failed', errorClass: 'request' });
      expect(rotating.lastLine).not.toHaveProperty('secret');
    },
  );

  test('a token that is current already: nothing is left to do', async () => {
    for (const step of STEPS) {
      await bench.step(rotating, rotation, step);
    }
    const value = await bench.value(arn);
    bench.reset();
    for (const step of STEPS) {
      await bench.step(rotating, rotation, step);
      expect(rotating.lastLine).toMatchObject({ outcome: 'already done', step });
    }
    expect(bench.actions()).toEqual(Array<string>(4).fill('DescribeSecret'));
    expect(await bench.value(arn)).toBe(value);
  });

  test('finishing after AWSCURRENT has moved takes AWSPENDING off', async () => {
    await bench.step(rotating, rotation, 'createSecret');
    const { AWSCURRENT } = await bench.labels(arn);
    await bench.promote(rotation);
    await bench.step(another(), rotation, 'finishSecret');
    expect(await bench.labels(arn)).toEqual({ AWSCURRENT: rotation.token, AWSPREVIOUS: AWSCURRENT });
  });

  test('AWSCURRENT never moves to a version without a value', async () => {
    const before = await bench.labels(arn);
    await expect(bench.step(rotating, rotation, 'finishSecret')).rejects.toMatchObject({ errorClass: 'conflict' });
    await expect(bench.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'conflict' });
    expect(await bench.labels(arn)).toEqual(before);
  });

  test.each(['before', 'after'] as const)('every call may fail once, %s it was done', async (when) => {
    for (let nth = 1; nth <= 8; nth++) {
      for (const effect of [
        { kind: 'drop' },
        { kind: 'error', name: 'ThrottlingException' },
        { kind: 'error', name: 'InternalServiceError' },
      ] as const) {
        arn = await bench.createSecret('the first value');
        bench.reset();
        bench.fault({ nth, when, effect });
        const { token } = await bench.rotate(another(), arn);
        expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
        expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
        expect(await bench.value(arn)).toHaveLength(20);
      }
    }
  }, 60_000);

  test('a label that somebody else moves meanwhile is not fought over', async () => {
    await bench.step(rotating, rotation, 'createSecret');
    await bench.step(rotating, rotation, 'testSecret');
    bench.fault({
      action: 'UpdateSecretVersionStage',
      effect: { kind: 'interrupt', callback: async () => bench.replace(arn, 'by hand') },
    });
    await expect(bench.step(rotating, rotation, 'finishSecret'))
      .rejects.toMatchObject({ errorClass: 'conflict', code: 'InvalidParameterException' });
    expect(await bench.value(arn)).toBe('by hand');
    await bench.step(another(), rotation, 'finishSecret');
    expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
  });

  test('a secret whose current value is binary', async () => {
    arn = await bench.createSecret(Buffer.from('x'), 'binary');
    rotation = await bench.begin(arn);
    const ofField = bench.inProcess('regenerate', { bindings: [{ secret: arn, field: 'key', password }] });
    await expect(bench.step(ofField, rotation, 'createSecret'))
      .rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('binary') });
  });

  test('a right that is still on its way is waited for', async () => {
    bench.fault({ times: 3, effect: { kind: 'error', name: 'AccessDeniedException' } });
    await bench.step(rotating, rotation, 'createSecret');
    expect(bench.count('DescribeSecret')).toBe(4);
  });

  test('a right that does not come is reported while there is time to', async () => {
    bench.fault({ times: 1_000, effect: { kind: 'error', name: 'AccessDeniedException' } });
    const impatient = bench.inProcess('regenerate', { bindings: [] }, 1_500);
    await expect(bench.step(impatient, rotation, 'createSecret'))
      .rejects.toMatchObject({ errorClass: 'permission', code: 'AccessDeniedException' });
  });

  test('one line for each step says what was done', async () => {
    for (const step of STEPS) {
      await bench.step(rotating, rotation, step);
    }
    expect(rotating.lines.map((line) => JSON.parse(line) as unknown)).toEqual(STEPS.map((step) =>
      ({ level: 'INFO', secret: arn, step, outcome: 'done', durationMs: expect.any(Number) })));
  });
}
