import { requireServer } from '../servers/require-server';
import { describeProcess } from './scenarios/process';
import { RotationBench } from './support/rotation-bench';

requireServer('secrets-manager')('a process', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  describeProcess(() => bench);
});
