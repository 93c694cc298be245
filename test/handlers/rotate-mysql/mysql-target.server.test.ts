import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { mysqlTarget, type MysqlTarget } from '../../../handlers/rotate-mysql/mysql-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates } from '../../servers/certificates';
import { MariadbServer } from '../../servers/mariadb-server';
import { requireServer } from '../../servers/require-server';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const app = { username: 'app', password: PASSWORD };

function targetOf(server: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): MysqlTarget {
  const database = {
    engine: 'mysql',
    host: server.host,
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: server.port,
  };
  return mysqlTarget({ region: 'eu-west-1', database });
}

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);

requireServer('mariadb')('signing in to MariaDB', () => {
  let server: MariadbServer;
  const target = (changes: Partial<DatabaseFacts> = {}): MysqlTarget => targetOf(server, { engine: 'mariadb', ...changes });

  beforeAll(async () => {
    server = await MariadbServer.start({ certificate: certificates.good });
    await server.createUser(app);
  });

  afterAll(() => server.stop());

  test('tells who it is', async () => {
    const session = await target().signIn(app, inTime());
    expect(session.identity).toEqual({ username: 'app' });
    await session.close();
  });

  test('with a wrong password, as nobody, and to a database that does not exist', async () => {
    await expect(target().signIn({ ...app, password: 'wrong' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'authentication', code: '1045' });
    await expect(target().signIn({ username: 'nobody', password: 'x' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'authentication' });
    await expect(target().signIn({ ...app, databaseName: 'none' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'permission', code: '1044' });
    await expect(target().signIn({ ...server.superuser, databaseName: 'none' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'configuration', code: '1049' });
  });

  test('a locked user', async () => {
    await server.query("CREATE USER locked@'%' IDENTIFIED BY 'x' ACCOUNT LOCK");
    await expect(target().signIn({ username: 'locked', password: 'x' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'configuration', code: '4151' });
  });

  test('an anonymous user is not the one who asked', async () => {
    await server.query("CREATE USER ''@'%' IDENTIFIED BY 'anonymous'");
    const session = await target().signIn({ username: 'anybody', password: 'anonymous' }, inTime());
    expect(session.identity).toEqual({ username: '' });
    await session.close();
    await server.query("DROP USER ''@'%'");
  });

  test('to a server that stops answering', async () => {
    const session = await target().signIn(app, inTime(4_000));
    server.pause();
    await expect(session.changeOwnPassword({ password: PASSWORD, token: 'x' })).rejects.toMatchObject({ errorClass: 'timeout' });
    await expect(target().signIn(app, inTime(500))).rejects.toMatchObject({ errorClass: 'timeout' });
    server.resume();
    await session.close();
  });

  test('to a server that goes away', async () => {
    const session = await target().signIn(app, inTime());
    await server.kill();
    await expect(session.changeOwnPassword({ password: 'x', token: 'x' }))
      .rejects.toMatchObject({ errorClass: expect.stringMatching(/network|protocol|unavailable/) });
    await session.close();
    await server.restart();
  });

  test('a server that accepts no changes is not asked for one', async () => {
    await server.query('SET GLOBAL read_only = 1');
    const session = await target().signIn(app, inTime());
    await expect(session.changeOwnPassword({ password: 'x', token: 'x' })).rejects.toMatchObject({ errorClass: 'readOnly' });
    await session.close();
    await server.query('SET GLOBAL read_only = 0');
  });

  test('quotation does not depend on the modes that the server begins with', async () => {
    await server.query("SET GLOBAL sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'");
    const session = await target().signIn(app, inTime());
    await session.changeOwnPassword({ password: 'back\\slash \' and "quote"', token: 'x' });
    await session.close();
    await (await target().signIn({ ...app, password: 'back\\slash \' and "quote"' }, inTime())).close();
    await server.query(`SET PASSWORD FOR app@'%' = PASSWORD('${PASSWORD}')`);
  });

  test('says no password in another encoding than UTF-8', async () => {
    const session = await target().signIn(app, inTime());
    await session.changeOwnPassword({ password: 'pässwörd ключ', token: 'x' });
    await session.close();
    await server.query('SET NAMES utf8mb4');
    const [row] = await server.query<{ same: number }>(
      "SELECT authentication_string = PASSWORD('pässwörd ключ') AS same FROM mysql.user WHERE User = 'app'",
    );
    expect(row.same).toBe(1);
    await server.query(`SET PASSWORD FOR app@'%' = PASSWORD('${PASSWORD}')`);
  });
});
