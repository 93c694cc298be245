import { describeStep } from '../scenarios/step';
import { MemoryBench } from '../support/memory-bench';

describe('a step', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describeStep(() => bench);
});
