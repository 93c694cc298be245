import { describeProcess } from './scenarios/process';
import { MemoryBench } from './support/memory-bench';

describe('a process', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describeProcess(() => bench);
});
