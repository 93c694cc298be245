import { requireServer } from '../../servers/require-server';
import { describeAudit } from '../scenarios/audit';
import { RotationBench } from '../support/rotation-bench';

requireServer('secrets-manager')('on Secrets Manager', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  describeAudit(() => bench);
});
