import { requireServer } from '../../servers/require-server';
import { describePendingValue } from '../scenarios/pending-value';
import { RotationBench } from '../support/rotation-bench';

requireServer('postgresql-18', 'secrets-manager')('a pending value that can never be finished', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { log_connections: 'on' } });
  });

  afterAll(() => bench.stop());

  describePendingValue(() => bench);
});
