import { saltFor, scramVerifier } from '../../../handlers/rotate-postgresql/scram-verifier';
import { createCertificates } from '../../servers/certificates';
import { logIn } from '../../servers/log-in';
import { PostgreSqlServer } from '../../servers/postgresql-server';
import { requireServer } from '../../servers/require-server';

requireServer('postgresql-18')('PostgreSQL', () => {
  const certificates = createCertificates();
  let server: PostgreSqlServer;

  beforeAll(async () => {
    server = await PostgreSqlServer.start({ version: 18, certificate: certificates.good });
    await server.query('CREATE ROLE app LOGIN');
  });

  afterAll(() => server.stop());

  test.each(['plain', "quote ' and \\", 'no\u00a0break', 'soft\u00adhyphen', '\u2168 roman', 'café', '漢字'])(
    'lets %j in, as it would with a verifier of its own',
    async (password) => {
      await server.query(`ALTER ROLE app PASSWORD '${scramVerifier(password, saltFor('app', 'token'))}'`);
      const login = {
        host: server.host,
        port: server.port,
        user: 'app',
        password,
        ssl: { ca: certificates.authority.certificate },
      };
      await expect(logIn(login)).resolves.toMatchObject({ user: 'app' });
      await expect(logIn({ ...login, password: `${password}x` })).rejects.toMatchObject({ code: '28P01' });
    },
  );
});
