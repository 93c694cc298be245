import { join } from 'node:path';
import { AccessKeyBench, type KeyValue } from './support/access-key-bench';
import { CacheBench } from './support/cache-bench';
import { RotationBench } from './support/rotation-bench';
import { SPLIT_ROTATIONS, UpgradedFunction } from './support/upgraded-function';
import { requireServer } from '../servers/require-server';

const LIMIT = 120_000;

/** What is true of a secret's value beyond labels, after each rotation. */
interface Outcome {
  readonly seen: (former: string) => Promise<unknown>;
  readonly expected: unknown;
}

/** Splits rotations of a secret in every way. */
async function splitRotations(
  bench: RotationBench, arn: string, upgraded: UpgradedFunction, { seen, expected }: Outcome,
): Promise<void> {
  try {
    for (const { title, turns } of SPLIT_ROTATIONS) {
      const before = await bench.value(arn);
      const { token } = await upgraded.rotate(arn, turns);
      const { AWSCURRENT, AWSPENDING } = await bench.labels(arn);
      const isNew = await bench.value(arn) !== before;
      expect({ title, AWSCURRENT, AWSPENDING, isNew, seen: await seen(before) })
        .toEqual({ title, AWSCURRENT: token, AWSPENDING: undefined, isNew: true, seen: expected });
    }
  } finally {
    await upgraded.stop();
  }
}

requireServer('secrets-manager', 'lambda-runtime')('an upgrade in the middle of a rotation', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  test('either bundle finishes what the other has begun: a generated value', async () => {
    const arn = await bench.createSecret({ kept: 'kept', key: 'the first value' });
    const password = { length: 20, excludeCharacters: '"\\' };
    const upgraded = new UpgradedFunction(bench, 'regenerate', { bindings: [{ secret: arn, field: 'key', password }] });
    await splitRotations(bench, arn, upgraded, {
      seen: async () => bench.value(arn), expected: expect.stringMatching(/^\{"kept":"kept","key":".{20}"\}$/),
    });
  }, LIMIT);
});

requireServer('secrets-manager', 'lambda-runtime')('an upgrade in the middle of a rotation of an access key', () => {
  let bench: AccessKeyBench;

  beforeAll(async () => {
    bench = await AccessKeyBench.start();
  });

  afterAll(() => bench.stop());

  test('either bundle finishes what the other has begun', async () => {
    const { arn, userName, binding } = await bench.createUser();
    const upgraded = new UpgradedFunction(bench.rotations, 'rotate-iam-access-key', {
      bindings: [binding],
      variables: {
        TEST_AWS: bench.iam.url,
        NODE_OPTIONS: `--require=${JSON.stringify(join(__dirname, 'support/aws-elsewhere.cjs'))}`,
      },
    });
    /** The active keys; the former one is then deactivated, for it would work for longer than this test. */
    const seen = async (former: string): Promise<string[]> => {
      const [formerId, currentId] = [(JSON.parse(former) as KeyValue).accessKeyId, (await bench.key(arn)).accessKeyId];
      const active = await bench.active(userName);
      await bench.iam.deactivateKey(userName, formerId);
      return active.map((id) => ({ [formerId]: 'former', [currentId]: 'current' })[id] ?? 'another').sort();
    };
    await splitRotations(bench.rotations, arn, upgraded, { seen, expected: ['current', 'former'] });
  }, LIMIT);
});

requireServer('redis', 'secrets-manager', 'lambda-runtime')('an upgrade in the middle of a rotation of a cache user', () => {
  let bench: CacheBench;

  beforeAll(async () => {
    bench = await CacheBench.start();
  });

  afterAll(() => bench.stop());

  test.each(['elasticache', 'memorydb'] as const)('either bundle finishes what the other has begun: %s', async (service) => {
    const user = await bench.createUser(service);
    const upgraded = new UpgradedFunction(bench.rotations, 'rotate-cache-user', bench.options(service, [user.binding]));
    await splitRotations(bench.rotations, user.arn, upgraded, {
      seen: async () => [await bench.works(user), await bench.works(user, 'AWSPREVIOUS')], expected: [true, true],
    });
  }, LIMIT);
});
