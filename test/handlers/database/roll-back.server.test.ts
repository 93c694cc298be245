import { requireServer } from '../../servers/require-server';
import { describeRollBack } from '../scenarios/roll-back';
import { RotationBench } from '../support/rotation-bench';

requireServer('postgresql-18', 'secrets-manager')('rotations that bring the former value back', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 18, settings: { log_connections: 'on' } });
  });

  afterAll(() => bench.stop());

  describeRollBack(() => bench);
});
