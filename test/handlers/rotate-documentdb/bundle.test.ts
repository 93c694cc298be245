import { requireServer } from '../../servers/require-server';
import { MongodbBench } from '../support/mongodb-bench';

/** The bundle has parts of the driver only. */
describe.each([['documentdb', 'alternating'], ['mongodb', 'single']] as const)('in the Lambda runtime, %s', (product, strategy) => {
  requireServer('secrets-manager', 'lambda-runtime')('with a name and a password beyond ASCII', () => {
    let bench: MongodbBench;

    beforeAll(async () => {
      bench = await MongodbBench.start(product);
    }, 60_000);

    afterAll(() => bench.stop());

    test('rotates three times, deaf to a hostile environment', async () => {
      const app = { username: `${strategy} ünï`, password: 'pässwörd ключ' };
      bench.database.accounts.add(app.username, app.password, { roles: [{ role: 'rotates_itself', db: 'admin' }] });
      const arn = await bench.rotations.createSecret(bench.content(app));
      const variables = {
        MONGODB_LOG_ALL: 'trace', MONGODB_LOG_PATH: 'stderr', NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:1',
      };
      const proving = await bench.rotations.inLambda('rotate-documentdb', { mode: 'prove', database: bench.facts, variables });
      await bench.rotations.rotate(proving, arn);
      const rotating = await bench.rotations.inLambda('rotate-documentdb', { ...await bench.superuserOptions(arn, app.username, strategy), variables });
      await bench.rotations.rotate(rotating, arn);
      await bench.rotations.rotate(rotating, arn);
      const current = await bench.rotations.credentials(arn);
      expect(await bench.worksFor(current)).toBe(true);
      expect(proving.output() + rotating.output()).not.toContain(current.password);
    }, 30_000);

    test('says why a login is refused', async () => {
      const arn = await bench.rotations.createSecret(bench.content({ username: 'nobody', password: 'x' }));
      const rotating = await bench.rotations.inLambda('rotate-documentdb', { mode: 'prove', database: bench.facts });
      await expect(bench.rotations.rotate(rotating, arn)).rejects.toMatchObject({ reported: { errorMessage: expect.stringMatching(/^authentication: .*\(18\)$/) } });
    }, 30_000);
  });
});
