import { createCertificates } from './certificates';
import { logIn } from './log-in';
import { PgBouncer } from './pgbouncer';
import { PostgreSqlServer } from './postgresql-server';
import { requireServer } from './require-server';

const certificates = createCertificates();
const app = { username: 'app', password: 'correct "horse" battery' };

requireServer('postgresql-18', 'pgbouncer')('PgBouncer', () => {
  let database: PostgreSqlServer;
  let pooler: PgBouncer;
  const login = async (changes: object = {}) =>
    logIn({
      host: pooler.host,
      port: pooler.port,
      user: app.username,
      password: app.password,
      ssl: { ca: certificates.authority.certificate },
      ...changes,
    });

  beforeAll(async () => {
    database = await PostgreSqlServer.start({ version: 18, certificate: certificates.good });
    await database.query(`CREATE ROLE app LOGIN PASSWORD '${app.password}'`);
    pooler = await PgBouncer.start({ certificate: certificates.good, authority: certificates.authority.certificate, database }, [
      app,
    ]);
  });

  afterAll(async () => {
    await pooler.stop();
    await database.stop();
  });

  test('signs in whom it knows, over TLS on both sides', async () => {
    const attempts = pooler.attempts();
    await expect(login()).resolves.toEqual({ user: 'app', ssl: true });
    expect(pooler.attempts()).toBe(attempts + 1);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, 'SASL authentication failed'],
    ['somebody whom only the server knows', { user: 'postgres' }, 'authentication failed'],
    ['plaintext', { ssl: false }, 'SSL required'],
  ])('refuses %s', async (_, changes, message) => {
    await expect(login(changes)).rejects.toThrow(message);
  });

  test('learns users, and forgets those that are left out', async () => {
    const other = { username: 'other', password: 'x' };
    await database.query("CREATE ROLE other LOGIN PASSWORD 'x'");
    await pooler.learn([other]);
    await expect(login()).rejects.toThrow();
    await expect(login({ user: other.username, password: other.password })).resolves.toMatchObject({ user: 'other' });
  });
});
