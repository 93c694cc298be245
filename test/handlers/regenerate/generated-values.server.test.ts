import { createPrivateKey, createPublicKey } from 'node:crypto';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { generatorOf } from '../../../handlers/regenerate/generator-of';
import type { ValueBinding, ValueRules } from '../../../src/contract/value-rules';
import { requireServer } from '../../servers/require-server';
import { RotationBench } from '../support/rotation-bench';
import type { FunctionInProcess } from '../support/rotation-function';

const SINGLE: [string, ValueRules][] = [
  ['password', { password: { length: 24, excludeCharacters: '' } }],
  ['API token', { apiToken: { prefix: 'acme_', alphabet: '0123456789abcdef', length: 40 } }],
  ['symmetric key', { symmetricKey: { bytes: 32 } }],
  ['UUID', { uuid: true }],
];
const PAIRS: [string, ValueRules][] = [
  ['RSA', { keyPair: { spec: 'rsa2048', publicKeyField: 'certified' } }],
  ['EC', { keyPair: { spec: 'p384', publicKeyField: 'certified' } }],
  ['Ed25519', { keyPair: { spec: 'ed25519', publicKeyField: 'certified' } }],
  ['SSH', { sshKeyPair: { spec: 'ed25519', publicKeyField: 'certified', comment: 'deploy@example.com' } }],
  ['SSH in PEM', { sshKeyPair: { spec: 'rsa2048', publicKeyField: 'certified', pem: true } }],
];
const OTHERS = '"number":12345,"nested":{"key":"kept","certified":"kept"},"text":"\\u00e4 \\"quoted\\""';

requireServer('secrets-manager')('values that are generated', () => {
  let bench: RotationBench;
  const regenerating = (binding: Partial<ValueBinding>): FunctionInProcess =>
    bench.inProcess('regenerate', { bindings: [{ secret: 'x', ...binding }] });

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  beforeEach(() => bench.guard.reset());

  test.each(SINGLE)('%s: the whole string, three times in a row', async (_, rules) => {
    const arn = await bench.createSecret('the first value');
    const rotating = regenerating({ secret: arn, ...rules });
    const values: string[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      bench.guard.calls.length = 0;
      const { token } = await bench.rotate(rotating, arn);
      expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
      expect(bench.guard.count()).toBe(7);
      values.push(await bench.value(arn));
    }
    expect(new Set(values).size).toBe(3);
    expect(values.filter((value) => !generatorOf(rules).couldHaveMade([value]))).toEqual([]);
    expect(values.filter((value) => rotating.output().includes(value))).toEqual([]);
  });

  test.each(SINGLE)('%s: one field, the rest byte for byte', async (_, rules) => {
    const arn = await bench.createSecret(`{"key":"the first value",${OTHERS}}`);
    const rotating = regenerating({ secret: arn, field: 'key', ...rules });
    await bench.rotate(rotating, arn);
    const text = await bench.value(arn);
    const { key } = JSON.parse(text) as { key: string };
    expect(text).toBe(`{"key":${JSON.stringify(key)},${OTHERS.replace('\\u00e4', 'ä')}}`);
    expect(generatorOf(rules).couldHaveMade([key])).toBe(true);
  });

  test.each(PAIRS)('%s: a key pair in two fields, the rest byte for byte, three times in a row', async (_, rules) => {
    const arn = await bench.createSecret(`{"privateKey":"the first value",${OTHERS}}`);
    const rotating = regenerating({ secret: arn, field: 'privateKey', ...rules });
    const keys: string[] = [];
    for (let rotation = 0; rotation < 3; rotation++) {
      const { token } = await bench.rotate(rotating, arn);
      expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
      const text = await bench.value(arn);
      const { privateKey, certified } = JSON.parse(text) as Record<string, string>;
      expect(text).toBe(
        `{"privateKey":${JSON.stringify(privateKey)},${OTHERS.replace('\\u00e4', 'ä')},"certified":${JSON.stringify(certified)}}`,
      );
      expect(generatorOf(rules).couldHaveMade([privateKey, certified])).toBe(true);
      keys.push(privateKey);
    }
    expect(new Set(keys).size).toBe(3);
    const lines = keys.flatMap((key) => key.split('\n').filter((line) => line.length > 40));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => rotating.output().includes(line))).toEqual([]);
  });

  test('createSecret that is repeated, by another process too, keeps the value that is stored', async () => {
    const binding: Partial<ValueBinding> = { field: 'privateKey', keyPair: { spec: 'p256', publicKeyField: 'publicKey' } };
    const arn = await bench.createSecret({ privateKey: 'the first value' });
    const rotation = await bench.begin(arn);
    const rotating = regenerating({ secret: arn, ...binding });
    await bench.step(rotating, rotation, 'createSecret');
    const stored = await bench.value(arn, 'AWSPENDING');
    await bench.step(rotating, rotation, 'createSecret');
    await bench.step(regenerating({ secret: arn, ...binding }), rotation, 'createSecret');
    expect(await bench.value(arn, 'AWSPENDING')).toBe(stored);
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      await bench.step(regenerating({ secret: arn, ...binding }), rotation, step);
    }
    expect(await bench.value(arn)).toBe(stored);
    const { privateKey, publicKey } = JSON.parse(stored) as Record<string, string>;
    expect(createPublicKey(createPrivateKey(privateKey)).equals(createPublicKey(publicKey))).toBe(true);
  });

  test.each<[string, (pair: Record<string, string>, stranger: Record<string, string>) => unknown]>([
    ['of two pairs', (pair, stranger) => ({ ...pair, publicKey: stranger.publicKey })],
    ['without its public key', ({ privateKey }) => ({ privateKey })],
    ['with something else for a key', (pair) => ({ ...pair, privateKey: 7 })],
    ['in one string', ({ privateKey }) => privateKey],
  ])('a pending key pair %s is dropped', async (_, change) => {
    const binding: Partial<ValueBinding> = { field: 'privateKey', keyPair: { spec: 'ed25519', publicKeyField: 'publicKey' } };
    const pairs = await Promise.all([1, 2].map(() => generatorOf(binding).generate(new Deadline(systemClock, 120_000))));
    const [pair, stranger] = pairs.map(([privateKey, publicKey]) => ({ privateKey, publicKey }));
    const arn = await bench.createSecret({ privateKey: 'the first value' });
    const rotation = await bench.begin(arn);
    await bench.put(arn, change(pair, stranger), ['AWSPENDING'], rotation.token);
    await expect(bench.step(regenerating({ secret: arn, ...binding }), rotation, 'testSecret'))
      .rejects.toMatchObject({ errorClass: 'stale' });
    expect(await bench.labels(arn)).not.toHaveProperty('AWSPENDING');
  });
});
