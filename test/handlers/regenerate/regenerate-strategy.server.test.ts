import { satisfiesRules } from '../../../handlers/database/generate-password';
import type { ValueBinding } from '../../../src/contract/value-rules';
import { requireServer } from '../../servers/require-server';
import { RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const password = { length: 24, excludeCharacters: '"\\' };

requireServer('secrets-manager')('values made anew', () => {
  let bench: RotationBench;
  const regenerating = (binding: Partial<ValueBinding>): FunctionInProcess =>
    bench.inProcess('regenerate', { bindings: [{ secret: 'x', password, ...binding }] });

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.guard.reset());

  test('the whole string, three times in a row', async () => {
    const arn = await bench.createSecret('the first value');
    const rotating = regenerating({ secret: arn });
    const values = new Set<string>();
    for (let rotation = 0; rotation < 3; rotation++) {
      bench.guard.calls.length = 0;
      const { token } = await bench.rotate(rotating, arn);
      values.add(await bench.value(arn));
      expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
      expect(bench.guard.count()).toBe(7);
    }
    expect(values.size).toBe(3);
    expect([...values].every((value) => satisfiesRules(value, password))).toBe(true);
  });

  test('one field of a JSON object, the rest as it is', async () => {
    const arn = await bench.createSecret({ clientId: 'kept', key: 'old', nested: { key: 'kept' } });
    const rotating = regenerating({ secret: arn, field: 'key' });
    for (let rotation = 0; rotation < 3; rotation++) {
      await bench.rotate(rotating, arn);
      const value = JSON.parse(await bench.value(arn)) as Record<string, unknown>;
      expect(value).toEqual({ clientId: 'kept', key: expect.any(String), nested: { key: 'kept' } });
      expect(satisfiesRules(value.key as string, password)).toBe(true);
    }
  });

  test('the former value is brought back; one that breaks the rules is refused', async () => {
    const arn = await bench.createSecret('too short');
    const rotating = regenerating({ secret: arn });
    await bench.rotate(rotating, arn);
    const made = await bench.value(arn);
    const refused = await bench.begin(arn);
    await bench.askBack(refused);
    await expect(bench.step(rotating, refused, 'createSecret')).rejects.toMatchObject({ errorClass: 'stale' });
    await bench.rotate(rotating, arn);
    const rotation = await bench.begin(arn);
    await bench.askBack(rotation);
    await bench.drive(rotating, rotation);
    expect(await bench.value(arn)).toBe(made);
    expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
  });

  test('a secret that is not bound is left alone', async () => {
    const arn = await bench.createSecret('the first value');
    const rotation = await bench.begin(arn);
    await bench.put(arn, 'x', ['AWSPENDING'], rotation.token);
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      await expect(bench.step(regenerating({}), rotation, step)).rejects.toThrow('not bound');
    }
  });

  test.each([
    [undefined, 'too short'], ['key', { key: 'too short' }], ['key', { other: 1 }], ['key', { key: 7 }], ['key', 'no JSON'],
    ['key', Buffer.from('x')], [undefined, Buffer.from('x')],
  ])('a pending value that breaks the rules is dropped: field %s, %j', async (field, pending) => {
    const arn = await bench.createSecret({ key: 'first' });
    for (const step of ['testSecret', 'finishSecret'] as const) {
      const rotation = await bench.begin(arn);
      await bench.put(arn, pending, ['AWSPENDING'], rotation.token);
      await expect(bench.step(regenerating({ secret: arn, field }), rotation, step))
        .rejects.toMatchObject({ errorClass: 'stale' });
      expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
    }
    await bench.rotate(regenerating({ secret: arn, field }), arn);
  });

  test.each([
    ['no value', false],
    ['the current value', true],
  ])('a test without a rotation: AWSPENDING holds %s', async (_, filled) => {
    const arn = await bench.createSecret('set by hand');
    const rotation = await bench.begin(arn);
    if (filled) {
      await bench.put(arn, 'set by hand', ['AWSPENDING'], rotation.token);
    }
    await bench.step(regenerating({ secret: arn }), rotation, 'testSecret');
    expect((await bench.labels(arn)).AWSPENDING).toBe(rotation.token);
  });

  test('a value that is no JSON object has no field', async () => {
    const arn = await bench.createSecret('text');
    await expect(bench.rotate(regenerating({ secret: arn, field: 'key' }), arn))
      .rejects.toMatchObject({ errorClass: 'configuration' });
  });
});
