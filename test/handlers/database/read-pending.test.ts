import { describePendingValue } from '../scenarios/pending-value';
import { MemoryBench } from '../support/memory-bench';

describe('a pending value that can never be finished', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describePendingValue(() => bench);
});
