import { FormerBundles } from './former-bundles';
import { FunctionInChild } from './function-in-child';
import { type BenchRotation, type RotationBench, type StepName, STEPS } from './rotation-bench';
import { type FunctionOptions, rotationEnvironment } from './rotation-environment';
import type { HandlerName, RotationFunction } from './rotation-function';
import { Environment } from '../../../src/contract/environment';

/** Which bundle runs a step. */
export interface StepTurn {
  readonly step: StepName;
  readonly by: 'former' | 'present';
}

/** A rotation that one bundle begins and the other finishes. */
export interface SplitRotation {
  readonly title: string;
  readonly turns: readonly StepTurn[];
}

/** Every place where one bundle goes on after the other, both ways; also where it does the last step again. */
export const SPLIT_ROTATIONS: readonly SplitRotation[] = (['former', 'present'] as const).flatMap((first) => {
  const second = first === 'former' ? 'present' : 'former';
  return STEPS.slice(0, -1).flatMap((last, index) =>
    [false, true].map((again) => ({
      title: `${first} to ${last}, ${second} ${again ? 'does that again and goes on' : 'goes on'}`,
      turns: [
        ...STEPS.slice(0, index + 1).map((step): StepTurn => ({ step, by: first })),
        ...STEPS.slice(again ? index : index + 1).map((step): StepTurn => ({ step, by: second })),
      ],
    })));
});

/** The same function before and after an upgrade. */
export class UpgradedFunction {
  private readonly bundles = new FormerBundles();
  private readonly functions: Record<StepTurn['by'], RotationFunction>;

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

  async rotate(arn: string, turns: readonly StepTurn[]): Promise<BenchRotation> {
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
