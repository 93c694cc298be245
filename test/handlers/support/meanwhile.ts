import type { BenchRotation, SecretsBench, StepName } from './bench';
import type { FunctionInProcess } from './rotation-function';

/**
 * Lets a rotation begin, and get as far as some steps, when a function looks at the secret for the second time.
 *
 * @returns the rotation, once it has begun
 */
export function beginsMeanwhile(
  bench: Pick<SecretsBench, 'begin' | 'fault' | 'step'>,
  arn: string,
  { rotating, steps, when }: { rotating: FunctionInProcess; steps: readonly StepName[]; when: 'before' | 'after' },
): () => BenchRotation | undefined {
  let rotation: BenchRotation | undefined;
  bench.fault({
    action: 'DescribeSecret',
    nth: 2,
    when,
    effect: {
      kind: 'meanwhile',
      callback: async () => {
        rotation = await bench.begin(arn);
        for (const step of steps) {
          await bench.step(rotating, rotation, step);
        }
      },
    },
  });
  return () => rotation;
}
