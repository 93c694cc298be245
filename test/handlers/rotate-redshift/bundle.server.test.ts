import { requireServer } from '../../servers/require-server';
import { RedshiftBench } from '../support/redshift-bench';

/** The digest is not the driver's. */
requireServer('postgresql-15', 'secrets-manager', 'lambda-runtime')('Amazon Redshift, in the Lambda runtime', () => {
  let bench: RedshiftBench;

  beforeAll(async () => {
    bench = await RedshiftBench.start();
  });

  afterAll(() => bench.stop());

  test('a user with a digest rotates by itself', async () => {
    const app = { username: 'app ünï', password: 'First1password' };
    await bench.database.createDigestUser(app);
    const arn = await bench.createSecret(app);
    await bench.rotations.rotate(await bench.rotations.inLambda('rotate-redshift', { mode: 'prove', database: bench.facts }), arn);
    const rotating = await bench.rotations.inLambda('rotate-redshift', {
      mode: 'superuser',
      database: bench.facts,
      superuserSecret: await bench.rotations.createSecret(bench.database.superuser),
      bindings: [{ secret: arn, username: app.username, strategy: 'alternating' }],
    });
    await bench.rotations.rotate(rotating, arn);
    await bench.rotations.rotate(rotating, arn);
    const current = await bench.rotations.credentials(arn);
    expect(current.username).toBe(app.username);
    expect(await bench.worksFor(current)).toBe(true);
  });

  test('says why a login is refused', async () => {
    const arn = await bench.createSecret({ username: 'nobody', password: 'Wrong1password' });
    const rotating = await bench.rotations.inLambda('rotate-redshift', { mode: 'prove', database: bench.facts });
    await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({ reported: { errorMessage: expect.stringMatching(/^authentication: .*\(28000\)$/) } });
  });
});
