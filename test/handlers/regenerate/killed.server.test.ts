import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ValueRules } from '../../../src/contract/value-rules';
import { requireServer } from '../../servers/require-server';
import { KilledRotations } from '../support/killed-rotations';
import { RotationBench, STEPS } from '../support/rotation-bench';
import { StoredVersions } from '../support/stored-versions';

const RULES = { length: 20, excludeCharacters: '"\\' };

requireServer('secrets-manager', 'lambda-runtime')('a function that is killed', () => {
  let bench: RotationBench;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    bench = await RotationBench.start();
    client = bench.secrets.client();
  });

  afterAll(() => bench.stop());

  test.each<[string, unknown, string | undefined, RegExp, ValueRules?]>([
    ['a whole value', 'the first value', undefined, /^.{20}$/],
    ['a field', { kept: 'kept', key: 'the first value' }, 'key', /^\{"kept":"kept","key":".{20}"\}$/],
    [
      'a key pair', { kept: 'kept', key: 'the first value', line: 'none' }, 'key',
      /^\{"kept":"kept","key":"-----BEGIN OPENSSH PRIVATE KEY-----\\n[^"]+","line":"ssh-ed25519 [^" ]+"\}$/,
      { sshKeyPair: { spec: 'ed25519', publicKeyField: 'line' } },
    ],
  ])('%s: nothing is lost, and another process finishes', async (_, value, field, form, rules = { password: RULES }) => {
    const arn = await bench.createSecret(value);
    const killing = await KilledRotations.start(bench, 'regenerate', { bindings: [{ secret: arn, field, ...rules }] });
    try {
      const points = await killing.points(arn);
      expect([...new Set(points.map(({ step, at }) => `${step}: ${at}`))])
        .toEqual(STEPS.flatMap((step) => [`${step}: call not made`, `${step}: call made, its answer lost`]));
      for (const point of points) {
        const before = await StoredVersions.read(client, arn);
        const [former] = before.with('AWSCURRENT');
        const killed = await killing.kill(arn, point);
        const between = await StoredVersions.read(client, arn);
        const [current, ...more] = between.with('AWSCURRENT');
        expect({ ...killed, more, text: between.texts[current] }).toEqual({
          arn,
          token: killed.token,
          point,
          signal: 'SIGKILL',
          more: [],
          text: current === killed.token ? expect.stringMatching(form) : before.texts[former],
        });

        const finished = await killing.finish(killed).then(() => true, ({ message }: Error) => message);
        const after = await StoredVersions.read(client, arn);
        expect({ point, finished, labels: ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'].map((label) => after.with(label)) })
          .toEqual({ point, finished: true, labels: [[killed.token], [], [former]] });
        expect({ point, texts: after.texts })
          .toEqual({ point, texts: { ...before.texts, [killed.token]: expect.stringMatching(form) } });
        expect(after.texts[killed.token]).not.toBe(before.texts[former]);
      }
    } finally {
      await killing.stop();
    }
  });
});
