import { describeRollBack } from '../scenarios/roll-back';
import { MemoryBench } from '../support/memory-bench';

describe('rotations that bring the former value back', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describeRollBack(() => bench);
});
