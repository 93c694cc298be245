import { OracleListener } from '../../servers/oracle-listener';
import { requireServer } from '../../servers/require-server';
import { RotationBench } from '../support/rotation-bench';

/** The bundle has parts of the driver only, and what opens its connections is replaced. */
requireServer('secrets-manager', 'lambda-runtime')('in the Lambda runtime', () => {
  let bench: RotationBench;

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  afterAll(() => bench.stop());

  test.each([
    [
      'good',
      12514,
      'configuration: the listener knows no service of the database name: name one that lsnrctl services lists as databaseName '
        + '(ORA_12514)',
    ],
    // A number that the driver has no code for: it is in the driver's words alone.
    [
      'good',
      12529,
      'configuration: the listener refuses the address of the function: add it to the valid nodes of the listener (ORA_12529)',
    ],
    [
      'good',
      'redirect',
      'protocol: the listener sends clients to another address, which is not followed: the deployment has to '
        + 'name the address of the database itself',
    ],
    [
      'wrongHost',
      12514,
      "tls: the server's certificate is for another name than the host's: set the TLS server name if the host "
        + 'is an alias (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
  ] as const)(
    'a listener with a certificate that is %s and the answer %s: says why, and shows nothing',
    async (certificate, answer, errorMessage) => {
      const listener = await OracleListener.start({ certificate: bench.certificates[certificate], answer });
      const { host, port } = listener;
      const database = {
        engine: 'oracle',
        host,
        port: 1521,
        tlsPort: port,
        databaseName: 'ORCL',
        certificateAuthorities: bench.certificates.authority.certificate,
      };
      const arn = await bench.createSecret({ engine: 'oracle', host, port: 1521, username: 'appuser', password: 'canary' });
      const rotating = await bench.inLambda('rotate-oracle', {
        mode: 'prove',
        database,
        variables: { NODE_ORACLEDB_DEBUG_PACKETS: '1', TNS_ADMIN: '/nowhere' },
      });
      await expect(bench.rotate(rotating, arn)).rejects.toMatchObject({ reported: { errorType: 'RotationError', errorMessage } });
      expect(listener.descriptors).toHaveLength(certificate === 'good' ? 1 : 0);
      expect(listener.received.toString('latin1').toLowerCase()).not.toMatch(/appuser|canary/);
      expect(rotating.output()).not.toMatch(/canary|Sending packet/);
      await listener.stop();
    },
  );
});
