import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledRotator } from './http-api-key';
import { FunctionInChild } from '../handlers/support/function-in-child';
import { RotationBench, type StepName, STEPS } from '../handlers/support/rotation-bench';
import { REGION, rotationEnvironment } from '../handlers/support/rotation-environment';
import { type Certificates, createCertificates } from '../servers/certificates';
import { HttpApi, type Moment } from '../servers/http-api';
import { requireServer } from '../servers/require-server';

const SECRET = 'partner/api-key';
const CANARY = 'canary';

/** The example's bundled handler, on Node.js 24, with an API that gives out keys over verified TLS. */
requireServer('secrets-manager', 'lambda-runtime')('the key of an HTTP API', () => {
  const rotator = bundledRotator();
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const authority = join(folder, 'authority.pem');
  const certificates: Certificates = createCertificates();
  const rotating: FunctionInChild[] = [];
  const apis: HttpApi[] = [];
  let bench: RotationBench;
  let api: HttpApi;
  let serial = 0;

  const anApi = async (certificate = certificates.good): Promise<HttpApi> => {
    apis.push(await HttpApi.start(certificate));
    return apis[apis.length - 1];
  };

  /** A process with the bundle, which may rotate the secret of a name. */
  const another = (name: string, at = api, variables: Record<string, string> = {}): FunctionInChild => {
    rotating.push(new FunctionInChild(rotator.folder, rotationEnvironment(bench.guard, {
      bindings: [{ secret: name }], variables: { API_URL: at.url, NODE_EXTRA_CA_CERTS: authority, ...variables },
    })));
    return rotating[rotating.length - 1];
  };

  /** A secret with a key that works. */
  const aSecret = async (at = api): Promise<{ name: string; arn: string }> => {
    const name = `${SECRET}-${serial++}`;
    return { name, arn: await bench.createSecret(at.issue(), name) };
  };

  const keyOf = async (arn: string, label?: string, versionId?: string): Promise<{ keyId: string; key: string }> =>
    JSON.parse(await bench.value(arn, label, versionId)) as { keyId: string; key: string };

  beforeAll(async () => {
    writeFileSync(authority, certificates.authority.certificate);
    bench = await RotationBench.start();
  });

  beforeEach(async () => {
    bench.guard.reset();
    api = await anApi();
  });

  afterEach(async () => {
    await Promise.all([...rotating.splice(0).map((one) => one.stop()), ...apis.splice(0).map((one) => one.stop())]);
  });

  afterAll(async () => {
    await bench.stop();
    rotator.remove();
    rmSync(folder, { recursive: true });
  });

  test('is rotated three times: the new key and the one before it work, and no other', async () => {
    const { name, arn } = await aSecret();
    const one = another(name);
    let former = await keyOf(arn);
    for (let rotation = 0; rotation < 3; rotation++) {
      api.reset();
      const { token } = await bench.rotate(one, arn);
      const current = await keyOf(arn);
      expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: token });
      expect([...api.keys]).toEqual([[former.keyId, former.key], [current.keyId, current.key]]);
      expect(api.calls).toEqual([
        'POST /keys',
        'GET /keys',
        ...(rotation === 0 ? [] : [expect.stringMatching(/^DELETE \/keys\/key-\d+$/)]),
        'GET /account',
      ]);
      former = current;
    }
    expect(one.output().trim().split('\n').map((line) => (JSON.parse(line) as { outcome: string }).outcome))
      .toEqual(Array.from({ length: 12 }, () => 'done'));
  });

  test('steps that are repeated, each by another process, change nothing more', async () => {
    const { name, arn } = await aSecret();
    const first = await keyOf(arn);
    const rotation = await bench.begin(arn);
    for (const step of STEPS) {
      await bench.step(another(name), rotation, step);
      await bench.step(another(name), rotation, step);
    }
    expect([...api.keys.keys()]).toEqual([first.keyId, (await keyOf(arn)).keyId]);
    expect(api.calls.filter((call) => call === 'POST /keys')).toHaveLength(1);
  });

  test('a function that is killed at any call: nobody loses a key that works, and another process finishes', async () => {
    const { name, arn } = await aSecret();
    await bench.rotate(another(name), arn);
    // What a rotation calls where there is a key to revoke, by step.
    const calls: { step: StepName; api: number; secrets: number }[] = [];
    const sounding = await bench.begin(arn);
    for (const step of STEPS) {
      api.reset();
      bench.guard.reset();
      await bench.step(another(name), sounding, step);
      calls.push({ step, api: api.calls.length, secrets: bench.guard.count() });
    }
    expect(calls.map((call) => call.api)).toEqual([1, 2, 1, 1]);
    const nths = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
    // Of Secrets Manager's calls those around the one thing that the API does for good: the others are killed with the functions
    // of our own.
    const points = calls.flatMap(({ step, ...counts }) => [
      ...nths(counts.api).map((nth) => ({ step, where: 'api' as const, nth })),
      ...step === 'createSecret' ? nths(counts.secrets).map((nth) => ({ step, where: 'secrets' as const, nth })) : [],
    ]).flatMap((point) => (['before', 'after'] as const).map((moment) => ({ ...point, moment })));
    expect(points.length).toBeGreaterThanOrEqual(18);
    for (const point of points) {
      const former = await keyOf(arn);
      const rotation = await bench.begin(arn);
      const victim = another(name);
      const heir = another(name);
      for (const step of STEPS.slice(0, STEPS.indexOf(point.step))) {
        await bench.step(heir, rotation, step);
      }
      api.reset();
      bench.guard.reset();
      strike(point, () => victim.kill());
      await bench.step(victim, rotation, point.step).catch(() => undefined);
      api.reset();
      bench.guard.reset();
      const between = await keyOf(arn);
      expect({ point, signal: victim.signal, works: api.keys.get(between.keyId) })
        .toEqual({ point, signal: 'SIGKILL', works: between.key });
      for (const step of STEPS.slice(STEPS.indexOf(point.step))) {
        await bench.step(heir, rotation, step);
      }
      const current = await keyOf(arn);
      expect({ point, labels: await bench.labels(arn), keys: [...api.keys.keys()] })
        .toEqual({ point, labels: expect.objectContaining({ AWSCURRENT: rotation.token }), keys: [former.keyId, current.keyId] });
      await heir.stop();
    }
  });

  function strike(
    { where, nth, moment }: { where: 'api' | 'secrets'; nth: number; moment: Moment },
    callback: () => Promise<void>,
  ): void {
    if (where === 'api') {
      api.interrupt(nth, moment, callback);
    } else {
      bench.guard.fault({ nth, when: moment, effect: { kind: 'interrupt', callback } });
    }
  }

  test('a rotation that is given up leaves a key, which the next one revokes', async () => {
    const { name, arn } = await aSecret();
    const first = await keyOf(arn);
    await bench.step(another(name), await bench.begin(arn), 'createSecret');
    expect(api.keys.size).toBe(2);
    await bench.rotate(another(name), arn);
    expect([...api.keys.keys()]).toEqual([first.keyId, (await keyOf(arn)).keyId]);
  });

  test('an API that is down is told of, and the rotation goes on when it is back', async () => {
    const { name, arn } = await aSecret();
    const rotation = await bench.begin(arn);
    await bench.step(another(name), rotation, 'createSecret');
    await api.stop();
    await expect(bench.step(another(name), rotation, 'setSecret'))
      .rejects.toThrow('network: no answer from the API (ECONNREFUSED)');
    await api.restart();
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      await bench.step(another(name), rotation, step);
    }
    expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
  });

  test.each<[keyof Certificates & ('wrongHost' | 'expired' | 'unrelated'), string]>([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'], ['expired', 'CERT_HAS_EXPIRED'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('an API with a certificate that is wrong (%s) gets no key, whatever the environment says', async (kind, code) => {
    const impostor = await anApi(certificates[kind]);
    const { name, arn } = await aSecret(impostor);
    const deaf = another(name, impostor, { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' });
    await expect(bench.step(deaf, await bench.begin(arn), 'createSecret'))
      .rejects.toThrow(`tls: the API has not proved that it is the one (${code})`);
    expect(impostor.calls).toEqual([]);
  });

  test.each<[string, HttpApi['instead'], string]>([
    ['another key', { status: 401, body: CANARY }, 'authentication: the API has refused POST keys (401)'],
    ['no right', { status: 403, body: CANARY }, 'permission: the API has refused POST keys (403)'],
    ['too many keys', { status: 409, body: CANARY }, 'conflict: the API has refused POST keys (409)'],
    ['too many requests', { status: 429, body: CANARY }, 'throttling: the API has refused POST keys (429)'],
    ['its own failure', { status: 503, body: CANARY }, 'unavailable: the API has refused POST keys (503)'],
    [
      'a redirection, which is not followed',
      { status: 307, headers: { location: 'https://elsewhere.example/' } },
      'protocol: the API has refused POST keys (307)',
    ],
    ['no JSON', `{"id":"x","key":"${CANARY}`, 'protocol: the API has answered with something else than JSON'],
    ['no key', { status: 201, body: { id: CANARY } }, 'protocol: the API has answered without a key'],
    ['nothing', '', 'protocol: the API has answered without a key'],
    ['without end', 'x'.repeat(1_000_000), 'network: no answer from the API'],
  ])('an API that answers with %s: the class and our own text are told, and no word of it', async (_, instead, text) => {
    const name = `${SECRET}-${serial++}`;
    const arn = await bench.createSecret({ keyId: 'key-0', key: `${CANARY} current` }, name);
    const one = another(name);
    const rotation = await bench.begin(arn);
    api.instead = instead;
    const error = await one.invoke(bench.event(rotation, 'createSecret')).catch((thrown: unknown) => thrown) as Error;
    expect(error.message).toBe(text);
    expect(error.message + one.output()).not.toContain(CANARY);
    expect(JSON.parse(one.output())).toMatchObject({ level: 'ERROR', secret: arn, outcome: 'failed', message: text });
    expect(bench.guard.count('PutSecretValue')).toBe(0);
  });

  test('no value and no word of the API is in the log of a rotation that works, nor of one whose key is unknown', async () => {
    const { name, arn } = await aSecret();
    const one = another(name);
    const rotation = await bench.rotate(one, arn);
    const { key } = await keyOf(arn);
    api.keys.clear();
    const next = await bench.begin(arn);
    await expect(bench.step(one, next, 'createSecret')).rejects.toThrow('authentication: the API has refused POST keys (401)');
    expect(one.output()).toContain('authentication');
    expect(one.output()).not.toContain(key);
    expect(one.output()).not.toContain('unknown key');
    expect(await bench.labels(arn)).toMatchObject({ AWSCURRENT: rotation.token });
  });

  test('an API that falls silent is given up in time', async () => {
    const { name, arn } = await aSecret();
    const one = another(name, api, { TEST_FUNCTION_TIMEOUT: '4000' });
    api.instead = null;
    await expect(bench.step(one, await bench.begin(arn), 'createSecret')).rejects.toThrow(/^timeout: /);
    // Of the function's own time: when its process began is up to the machine.
    expect((JSON.parse(one.output().trimEnd().split('\n').at(-1)!) as { durationMs: number }).durationMs).toBeLessThan(4_000);
  });

  test('a secret that is not bound is refused, and the API is not asked', async () => {
    const { arn } = await aSecret();
    await expect(bench.step(another('another-secret'), await bench.begin(arn), 'createSecret'))
      .rejects.toThrow('not bound to this function');
    expect(api.calls).toEqual([]);
  });

  test('the daily audit runs in the same function', async () => {
    const { name, arn } = await aSecret();
    const one = another(name);
    await bench.rotate(one, arn);
    await one.invoke({ audit: [{ secret: name, rotatesWithinHours: 768 }] });
    await expect(
      one.invoke({
        audit: [
          { secret: name, rotatesWithinHours: 768, key: 'customer' },
          { secret: `arn:aws:secretsmanager:${REGION}:123456789012:secret:gone-AbCdEf`, rotatesWithinHours: 1 },
        ],
      }),
    ).rejects.toThrow(/^audit: 2 findings in 2 secrets: /);
  });
});
