import { createCertificates } from './certificates';
import { logIn } from './log-in';
import { PostgreSqlServer } from './postgresql-server';
import { requireServer } from './require-server';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const application = { user: 'app', password: PASSWORD, ssl: { ca: certificates.authority.certificate } };

describe.each([15, 18] as const)('PostgreSQL %d', (version) => {
  requireServer(`postgresql-${version}`)('running', () => {
    let server: PostgreSqlServer;
    const login = (changes: object = {}) => logIn({ ...application, host: server.host, port: server.port, ...changes });

    beforeAll(async () => {
      server = await PostgreSqlServer.start({ version, certificate: certificates.good, settings: { log_statement: 'all' } });
      await server.query(`CREATE ROLE app LOGIN PASSWORD '${PASSWORD}'`);
    });

    afterAll(() => server.stop());

    test('is the version it says and stores SCRAM verifiers', async () => {
      const [row] = await server.query<{ version: string; verifier: string }>(
        'SELECT current_setting(\'server_version\') AS version, rolpassword AS verifier FROM pg_authid WHERE rolname = \'app\'');
      expect(row.version).toMatch(new RegExp(`^${version}\\.`));
      expect(row.verifier).toMatch(/^SCRAM-SHA-256\$/);
    });

    test('lets the right password in over TLS', async () => {
      await expect(login()).resolves.toEqual({ user: 'app', ssl: true });
      await expect(login({ password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
      await expect(login({ user: server.superuser.username, password: server.superuser.password }))
        .resolves.toMatchObject({ ssl: true });
    });

    test('rejects plaintext', async () => {
      await expect(login({ ssl: false })).rejects.toMatchObject({ code: '28000' });
    });

    test('logs statements', async () => {
      await server.query('SELECT 4711');
      expect(server.log()).toContain('statement: SELECT 4711');
    });

    test('says nothing while it is paused', async () => {
      server.pause();
      await expect(login({ connectionTimeoutMillis: 300 })).rejects.toThrow(/timeout/);
      server.resume();
      await expect(login()).resolves.toMatchObject({ user: 'app' });
    });

    test('comes back after a crash, on the same port and data', async () => {
      await server.kill();
      await expect(login()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.restart();
      await expect(login()).resolves.toMatchObject({ user: 'app' });
    });

    test.each([
      ['expired', 'CERT_HAS_EXPIRED'],
      ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ] as const)('with the %s certificate is refused by the client', async (name, code) => {
      await server.restart({ certificate: certificates[name] });
      await expect(login()).rejects.toMatchObject({ code });
    });

    test('takes other rules', async () => {
      await server.restart({ certificate: undefined, authentication: 'md5', settings: { password_encryption: 'md5' } });
      await server.query(`ALTER ROLE app PASSWORD '${PASSWORD}'`);
      await expect(login({ ssl: false })).resolves.toEqual({ user: 'app', ssl: false });
      await expect(login()).rejects.toThrow('does not support SSL');
      await server.restart({ certificate: certificates.good, hba: ['hostssl all app 127.0.0.1/32 trust'] });
      await expect(login({ password: 'anything' })).resolves.toEqual({ user: 'app', ssl: true });
    });
  });
});
