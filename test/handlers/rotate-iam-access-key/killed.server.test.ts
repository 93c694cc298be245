import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { requireServer } from '../../servers/require-server';
import { AccessKeyBench, type UserSetup } from '../support/access-key-bench';
import { FunctionInChild } from '../support/function-in-child';
import { type StepName, STEPS } from '../support/rotation-bench';
import { rotationEnvironment } from '../support/rotation-environment';

type When = 'before' | 'after';

/** Calls of Secrets Manager and of IAM, in the order of each step. */
const SECRETS_MANAGER: [StepName, string, number][] = [
  ['createSecret', 'DescribeSecret', 1], ['createSecret', 'GetSecretValue', 1], ['createSecret', 'GetSecretValue', 2],
  ['createSecret', 'PutSecretValue', 1], ['createSecret', 'PutSecretValue', 2],
  ['setSecret', 'DescribeSecret', 1], ['testSecret', 'DescribeSecret', 1],
  ['finishSecret', 'UpdateSecretVersionStage', 1], ['finishSecret', 'UpdateSecretVersionStage', 2],
];
const IAM: [StepName, string][] = [
  ['createSecret', 'ListAccessKeys'], ['createSecret', 'CreateAccessKey'], ['testSecret', 'GetCallerIdentity'],
];
const WHEN: When[] = ['before', 'after'];

requireServer('secrets-manager', 'lambda-runtime')('a function that rotates access keys and is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'access-keys-')) as `/${string}`;
  let bench: AccessKeyBench;

  beforeAll(async () => {
    buildSync({
      entryPoints: [join(__dirname, '../support/access-key-entry.ts')],
      bundle: true,
      platform: 'node',
      target: 'node24',
      outfile: join(folder, 'index.js'),
      logLevel: 'error',
    });
    bench = await AccessKeyBench.start();
  });

  afterAll(async () => {
    await bench.stop();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => bench.reset());

  /** Kills one process in a step, and lets another do the whole rotation again. */
  async function survives(user: UserSetup, step: StepName, arm: (kill: () => Promise<void>) => void): Promise<void> {
    const { guard } = bench.rotations;
    const variables = rotationEnvironment(guard, { bindings: [user.binding], variables: { TEST_IAM: bench.iam.url } });
    const [victim, heir] = [new FunctionInChild(folder, variables), new FunctionInChild(folder, variables)];
    try {
      const rotation = await bench.rotations.begin(user.arn);
      for (const before of STEPS.slice(0, STEPS.indexOf(step))) {
        await bench.rotations.step(victim, rotation, before);
      }
      bench.reset();
      arm(async () => victim.kill());
      await expect(bench.rotations.step(victim, rotation, step)).rejects.toThrow('SIGKILL');
      // What clients hold goes on working, whenever it is.
      expect(await bench.active(user.userName)).toContain((await bench.key(user.arn)).accessKeyId);

      bench.reset();
      for (const again of STEPS.slice(STEPS.indexOf(step))) {
        await bench.rotations.step(heir, rotation, again);
      }
      expect((await bench.rotations.labels(user.arn)).AWSCURRENT).toBe(rotation.token);
      expect(await bench.active(user.userName)).toEqual([user.first.accessKeyId, (await bench.key(user.arn)).accessKeyId]);
    } finally {
      await Promise.all([victim.stop(), heir.stop()]);
    }
  }

  test.each(SECRETS_MANAGER.flatMap(([step, action, nth]) => WHEN.map((when) => [step, action, nth, when] as const)))(
    'in %s, at %s number %i, %s it is done: the key in use works, no key is left over, and another process finishes',
    async (step, action, nth, when) => {
      const user = await bench.createUser();
      await survives(user, step, (callback) =>
        bench.rotations.fault({ action, nth, when, effect: { kind: 'interrupt', callback } }));
    },
  );

  test.each(IAM.flatMap(([step, action]) => WHEN.map((when) => [step, action, when] as const)))(
    'in %s, at %s, %s it is done: a key whose secret nobody knows is deleted, and another process finishes',
    async (step, action, when) => {
      const user = await bench.createUser();
      await survives(user, step, (callback) => bench.iam.fault({ action, when, effect: { kind: 'interrupt', callback } }));
    },
  );
});
