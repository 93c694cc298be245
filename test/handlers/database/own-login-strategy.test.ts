import { describeOwnLogin } from '../scenarios/own-login';
import { MemoryBench } from '../support/memory-bench';

describe('rotation with its own credentials', () => {
  let bench: MemoryBench;

  beforeEach(() => {
    bench = new MemoryBench();
  });

  describeOwnLogin(() => bench);
});
