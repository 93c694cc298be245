import { createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates, type ServerCertificate } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import { type HostileBehaviour, HostilePostgreSqlServer } from '../../servers/hostile-postgresql-server';

const certificates = createCertificates();
const PASSWORD = 'correct horse battery staple';
const app = { username: 'app', password: PASSWORD };

function targetOf(server: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): PostgresqlTarget {
  const database = {
    engine: 'postgres',
    host: server.host,
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: server.port,
  };
  return new PostgresqlTarget({ region: 'eu-west-1', database });
}

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);

describe('a hostile server gets nothing', () => {
  const attempt = async (
    behaviour: HostileBehaviour,
    certificate: ServerCertificate = certificates.good,
    changes: Partial<DatabaseFacts> = {},
  ) => {
    const server = await HostilePostgreSqlServer.start(behaviour, certificate);
    const error: unknown = await targetOf(server, changes).signIn(app, inTime(behaviour.startsWith('silent') ? 2_000 : undefined))
      .catch((thrown: unknown) => thrown);
    await server.stop();
    return { server, error };
  };

  test.each([
    ['cleartext', 'protocol'], ['md5', 'protocol'], ['no-authentication', 'protocol'], ['unknown-sasl', 'protocol'],
    ['wrong-signature', 'protocol'],
    ['refuse-tls', 'tls'], ['silent', 'timeout'], ['silent-after-tls', 'timeout'],
  ] as const)('%s', async (behaviour, errorClass) => {
    const { server, error } = await attempt(behaviour);
    expect(error).toMatchObject({ name: 'RotationError', errorClass });
    expect(server.received.includes(PASSWORD)).toBe(false);
    const messages = server.passwordMessages.map((message) => message.toString());
    expect(messages.every((message) => message.startsWith('SCRAM-SHA-256') || message.startsWith('c='))).toBe(true);
    if (behaviour !== 'wrong-signature') {
      expect(messages).toEqual([]);
    }
  });

  test.each([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'], ['expired', 'CERT_HAS_EXPIRED'], ['notYetValid', 'CERT_NOT_YET_VALID'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('not even a user name where its certificate is bad: %s', async (name, code) => {
    const { server, error } = await attempt('cleartext', certificates[name]);
    expect(error).toMatchObject({ errorClass: 'tls', code });
    expect(server.received).toHaveLength(0);
  });

  test('an MD5 hash only where the deployment allows it', async () => {
    const { server, error } = await attempt('md5', certificates.good, { allowMd5: true });
    expect(server.passwordMessages.map((message) => message.toString())).toEqual([expect.stringMatching(/^md5[0-9a-f]{32}\0$/)]);
    expect(error).not.toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('MD5') });
  });

  test('an IP address needs a TLS server name, with which a certificate for that name is right', async () => {
    const without = await attempt('no-authentication', certificates.good, { host: '127.0.0.1' });
    expect(without.error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') });
    expect(without.server.connections).toBe(0);
    const withName = await attempt('no-authentication', certificates.good, { host: '127.0.0.1', tlsServerName: 'localhost' });
    expect(withName.server.handshakes).toBe(1);
    const wrongName = await attempt('no-authentication', certificates.good, {
      host: '127.0.0.1',
      tlsServerName: 'elsewhere.example',
    });
    expect(wrongName.error).toMatchObject({ errorClass: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(wrongName.server.received).toHaveLength(0);
  });

  test('a name that the certificate does not carry is not replaced by the host that it does', async () => {
    const { server, error } = await attempt('no-authentication', certificates.good, { tlsServerName: 'elsewhere.example' });
    expect(error).toMatchObject({ errorClass: 'tls' });
    expect(server.received).toHaveLength(0);
  });

  test.each([
    ['more than one byte before TLS', Buffer.from('SX'), 'tls'], ['an error in place of TLS', Buffer.from('E'), 'tls'],
    ['an end in place of TLS', undefined, 'network'],
  ])('%s', async (_, answer, errorClass) => {
    const server = await rawServer((socket) => socket.once('data', () => answer ? socket.write(answer) : socket.end()));
    const error: unknown = await targetOf(server).signIn(app, inTime()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ errorClass });
    server.stop();
  });

  test('a server that breaks off the TLS handshake', async () => {
    const server = await rawServer((socket) => socket.once('data', () => {
      socket.write('S');
      socket.once('data', () => socket.destroy());
    }));
    await expect(targetOf(server).signIn(app, inTime())).rejects.toMatchObject({ errorClass: 'network' });
    server.stop();
  });
});

describe('a deployment that cannot work', () => {
  test('nobody listens', async () => {
    await expect(targetOf({ host: 'localhost', port: await freePort() }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
  });

  test('the host has no address', async () => {
    await expect(targetOf({ host: 'nowhere.invalid', port: 1 }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'network' });
  });

  test('another engine', () => {
    expect(() => targetOf({ host: 'localhost', port: 1 }, { engine: 'mysql' })).toThrow('another engine');
  });

  test.each([
    'pg_monitor', 'pg_anything', 'rds_superuser', 'rds_iam', 'rdsadmin', 'rdsproxyadmin', 'rdsrepladmin', 'rdstopmgr',
    'rdswriteforwarduser',
  ])('%s is reserved', (name) => {
    expect(() => targetOf({ host: 'localhost', port: 1 }).checkUsername(name)).toThrow('reserved');
  });

  test.each(['rds', 'rdsreader', 'rdsadmin2', 'my_rds_user', 'pgbouncer', 'PG_x'])('%s is not', (name) => {
    expect(() => targetOf({ host: 'localhost', port: 1 }).checkUsername(name)).not.toThrow();
  });

  test.each(['a\0b', 'x'.repeat(64), '\ud800'])('a name that PostgreSQL cannot have: %j', async (name) => {
    const target = targetOf({ host: 'localhost', port: 1 });
    expect(() => target.checkUsername(name)).toThrow('user name');
    await expect(target.signIn({ username: name, password: 'x' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'configuration' });
    await expect(target.signIn({ ...app, databaseName: name }, inTime())).rejects.toMatchObject({ errorClass: 'configuration' });
  });
});

async function rawServer(converse: (socket: Socket) => void): Promise<{ host: string; port: number; stop: () => void }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    converse(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  };
  return { host: 'localhost', port: (server.address() as { port: number }).port, stop };
}
