import { describeSuperuser } from '../scenarios/superuser';
import { MemoryBench } from '../support/memory-bench';

describe('rotation with the credentials of a superuser', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describeSuperuser(() => bench);
});
