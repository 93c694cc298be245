import { requireServer } from '../../servers/require-server';
import { describeStep } from '../scenarios/step';
import { RotationBench } from '../support/rotation-bench';

requireServer('secrets-manager')('a step', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  describeStep(() => bench);
});
