import { requireServer } from '../../servers/require-server';
import { SqlserverPeer } from '../../servers/sqlserver-peer';
import { SqlserverBench } from '../support/sqlserver-bench';

/** The bundle has parts of the driver only, and other streams. */
requireServer('secrets-manager', 'lambda-runtime')('in the Lambda runtime', () => {
  let bench: SqlserverBench;

  beforeAll(async () => {
    bench = await SqlserverBench.start();
  });

  afterAll(() => bench.stop());

  test.each(['routes', 'nonsense-login', 'nonsense-answer', 'unexpected-part', 'no-tls'] as const)(
    'survives a server that misbehaves: %s',
    async (behaviour) => {
      const peer = await SqlserverPeer.start(bench.rotations.certificates.good, behaviour);
      await peer.createUser({ username: 'app', password: 'the Canary 1' });
      const content = bench.content({ username: 'app', password: 'the Canary 1' }, { port: peer.port });
      const rotating = await bench.rotations.inLambda('rotate-sqlserver', {
        mode: 'prove',
        database: { ...bench.facts, port: peer.port },
      });
      const rotation = bench.rotations.rotate(rotating, await bench.rotations.createSecret(content));
      await expect(rotation).rejects.toMatchObject({
        reported: { errorType: 'RotationError', errorMessage: expect.stringMatching(/^(protocol|tls): /) },
      });
      expect(rotating.output()).not.toMatch(/Canary|Unexpected token|uncaught/i);
      await peer.stop();
    },
  );
});
