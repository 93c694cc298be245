import type { EngineBench, EngineUnderTest } from './engines/engine-under-test';
import { mariadb, mysql } from './engines/mysql';
import { postgresql } from './engines/postgresql';
import { FormerBundles } from './support/former-bundles';
import { FunctionInChild } from './support/function-in-child';
import { type BenchRotation, RotationBench, type StepName, STEPS } from './support/rotation-bench';
import { type FunctionOptions, rotationEnvironment } from './support/rotation-environment';
import type { HandlerName, RotationFunction } from './support/rotation-function';
import { Environment } from '../../src/contract/environment';
import { requireServer } from '../servers/require-server';

type Way = 'prove' | 'single' | 'alternating' | 'dualPassword';

/** Which bundle runs a step. */
interface Turn {
  readonly step: StepName;
  readonly by: 'former' | 'present';
}

const LIMIT = 120_000;
const WAYS = ['prove', 'single', 'alternating'] as const;
const DATABASES: { engine: EngineUnderTest; ways: readonly Way[] }[] = [
  { engine: postgresql(18), ways: WAYS },
  { engine: mariadb, ways: WAYS },
  { engine: mysql, ways: ['prove', 'alternating', 'dualPassword'] },
];
/** Those in which a client that has not read the new value can still sign in. */
const KEEP_FORMER: readonly Way[] = ['alternating', 'dualPassword'];
const PLANS = splitRotations();

/** Every place where one bundle goes on after the other, both ways; also where it does the last step again. */
function splitRotations(): { title: string; turns: Turn[] }[] {
  return (['former', 'present'] as const).flatMap((first) => {
    const second = first === 'former' ? 'present' : 'former';
    return STEPS.slice(0, -1).flatMap((last, index) =>
      [false, true].map((again) => ({
        title: `${first} to ${last}, ${second} ${again ? 'does that again and goes on' : 'goes on'}`,
        turns: [
          ...STEPS.slice(0, index + 1).map((step): Turn => ({ step, by: first })),
          ...STEPS.slice(again ? index : index + 1).map((step): Turn => ({ step, by: second })),
        ],
      })));
  });
}

/** The same function before and after an upgrade. */
class UpgradedFunction {
  private readonly bundles = new FormerBundles();
  private readonly functions: Record<Turn['by'], RotationFunction>;

  constructor(private readonly bench: RotationBench, handler: HandlerName, options: FunctionOptions) {
    const variables = rotationEnvironment(bench.guard, options);
    this.functions = {
      former: new FunctionInChild(this.bundles.unpack(handler), {
        ...variables,
        // The former bundles read a list, in which nothing was written once for several secrets.
        ...options.bindings && { [Environment.BINDINGS]: JSON.stringify(options.bindings) },
      }),
      present: new FunctionInChild(handler, variables),
    };
  }

  async rotate(arn: string, turns: readonly Turn[]): Promise<BenchRotation> {
    const rotation = await this.bench.begin(arn);
    for (const { step, by } of turns) {
      await this.bench.step(this.functions[by], rotation, step);
    }
    return rotation;
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.functions).map(async (running) => running.stop()));
    this.bundles.remove();
  }
}

describe.each(DATABASES)('$engine.name', ({ engine, ways }) => {
  requireServer(...engine.servers, 'secrets-manager', 'lambda-runtime')('an upgrade in the middle of a rotation', () => {
    let bench: EngineBench;
    let superuserSecret: string;

    beforeAll(async () => {
      bench = await engine.start();
      superuserSecret = await bench.rotations.createSecret(bench.superuser);
    });

    afterAll(() => bench.stop());

    test.each(ways)('either bundle finishes what the other has begun: %s', async (way) => {
      const app = { username: `app_${way}`, password: 'the first password' };
      await bench.createUser(app);
      const arn = await bench.rotations.createSecret(bench.content(app));
      const upgraded = new UpgradedFunction(bench.rotations, engine.handler, {
        database: bench.facts,
        ...way === 'prove'
          ? { mode: 'prove' }
          : { mode: 'superuser', superuserSecret, bindings: [{ secret: arn, username: app.username, strategy: way }] },
      });
      try {
        for (const { title, turns } of PLANS) {
          const before = await bench.rotations.credentials(arn);
          const { token } = await upgraded.rotate(arn, turns);
          const after = await bench.rotations.credentials(arn);
          const { AWSCURRENT, AWSPENDING } = await bench.rotations.labels(arn);
          const isNew = after.password !== before.password;
          const works = [await bench.worksFor(after), !KEEP_FORMER.includes(way) || await bench.worksFor(before)];
          expect({ title, AWSCURRENT, AWSPENDING, isNew, works })
            .toEqual({ title, AWSCURRENT: token, AWSPENDING: undefined, isNew: true, works: [true, true] });
        }
      } finally {
        await upgraded.stop();
      }
    }, LIMIT);
  });
});

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
    try {
      for (const { title, turns } of PLANS) {
        const before = await bench.value(arn);
        const { token } = await upgraded.rotate(arn, turns);
        const after = await bench.value(arn);
        const { AWSCURRENT, AWSPENDING } = await bench.labels(arn);
        expect({ title, AWSCURRENT, AWSPENDING, isNew: after !== before, after }).toEqual({
          title,
          AWSCURRENT: token,
          AWSPENDING: undefined,
          isNew: true,
          after: expect.stringMatching(/^\{"kept":"kept","key":".{20}"\}$/) as string,
        });
      }
    } finally {
      await upgraded.stop();
    }
  }, LIMIT);
});
