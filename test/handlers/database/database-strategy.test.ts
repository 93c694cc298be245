import { describeDatabaseRotation } from '../scenarios/database-rotation';
import { MemoryBench } from '../support/memory-bench';

describe('what holds for every kind of rotation of database users', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describeDatabaseRotation(() => bench);
});
