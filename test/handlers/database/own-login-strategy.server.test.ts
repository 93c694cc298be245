import { requireServer } from '../../servers/require-server';
import { describeOwnLogin } from '../scenarios/own-login';
import { RotationBench } from '../support/rotation-bench';

requireServer('postgresql-15', 'secrets-manager')('rotation with its own credentials', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start({ version: 15, settings: { log_connections: 'on' } });
  });

  afterAll(() => bench.stop());

  describeOwnLogin(() => bench);

  test('a user who may not read the catalogue is told so, and leaves no connection behind', async () => {
    await bench.database.query('REVOKE SELECT ON pg_catalog.pg_database FROM public');
    const app = { username: 'without_catalogue', password: 'the first password' };
    await bench.createUser(app);
    const arn = await bench.createSecret(bench.content(app));
    const rotating = bench.inProcess('rotate-postgresql', { mode: 'prove', database: bench.facts });
    const rotation = await bench.begin(arn);
    await bench.step(rotating, rotation, 'createSecret');
    await expect(bench.step(rotating, rotation, 'setSecret')).rejects.toMatchObject({ errorClass: 'permission', code: '42501' });
    await bench.database.query('GRANT SELECT ON pg_catalog.pg_database TO public');
    expect(await bench.database.query('SELECT FROM pg_stat_activity WHERE usename = $1', [app.username])).toEqual([]);
  });
});
