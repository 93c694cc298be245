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
    await bench.rotations.rotate(
      await bench.rotations.inLambda('rotate-redshift', { mode: 'prove', database: bench.facts }),
      arn,
    );
    expect(await bench.worksFor(await bench.rotations.credentials(arn))).toBe(true);
  });
});
