import { createCertificates } from './certificates';
import { MariadbServer } from './mariadb-server';
import { logInToMysql } from './mysql-log-in';
import { requireServer } from './require-server';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';

requireServer('mariadb')('MariaDB', () => {
  let server: MariadbServer;
  const login = (changes: object = {}) =>
    logInToMysql<{ user: string; cipher: string }>(
      {
        host: server.host,
        port: server.port,
        user: 'app',
        password: PASSWORD,
        ssl: { ca: certificates.authority.certificate, verifyIdentity: true },
        ...changes,
      },
      'SELECT CURRENT_USER() AS user, (SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = '
        + "'Ssl_cipher') AS cipher",
    );

  beforeAll(async () => {
    server = await MariadbServer.start({ certificate: certificates.good });
    await server.createUser({ username: 'app', password: PASSWORD });
  });

  afterAll(() => server.stop());

  test('is MariaDB, and has no users but root and the superuser', async () => {
    expect((await server.query<{ version: string }>('SELECT VERSION() AS version'))[0].version).toContain('MariaDB');
    expect(
      await server.query("SELECT User AS name, Host AS host FROM mysql.user WHERE User NOT IN ('app', 'mariadb.sys') ORDER BY 1"),
    ).toEqual([
      { name: 'admin', host: '%' },
      { name: 'root', host: 'localhost' },
    ]);
  });

  test('lets the right password in over TLS, and counts who comes', async () => {
    const before = [server.logins('accepted'), server.logins('refused')];
    await expect(login()).resolves.toEqual([{ user: 'app@%', cipher: expect.stringMatching(/^TLS/) }]);
    await expect(login({ password: 'wrong' })).rejects.toMatchObject({ errno: 1045 });
    expect([server.logins('accepted') - before[0], server.logins('refused') - before[1]]).toEqual([1, 1]);
  });

  test('rejects plaintext', async () => {
    await expect(login({ ssl: undefined })).rejects.toMatchObject({ errno: 1045 });
  });

  test('keeps statements', async () => {
    await server.query('SELECT 4711');
    expect(server.statements()).toContain('SELECT 4711');
    expect(server.log()).toContain('ready for connections');
  });

  test('says nothing while it is paused', async () => {
    server.pause();
    await expect(login({ connectTimeout: 300 })).rejects.toThrow(/TIMEDOUT/);
    server.resume();
    await expect(login()).resolves.toHaveLength(1);
  });

  test('comes back after a crash, on the same port and data', async () => {
    await server.kill();
    await expect(login()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    await expect(login()).resolves.toHaveLength(1);
  });

  test.each(['expired', 'wrongHost', 'unrelated'] as const)('with the %s certificate is refused by the client', async (name) => {
    await server.restart({ certificate: certificates[name] });
    await expect(login()).rejects.toMatchObject({ code: 'HANDSHAKE_SSL_ERROR' });
  });

  test('speaks plaintext where it has no certificate', async () => {
    await server.restart({ certificate: undefined });
    await expect(login({ ssl: undefined })).resolves.toEqual([{ user: 'app@%', cipher: '' }]);
  });
});
