import type * as net from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { systemClock } from '../../handlers/core/clock';
import { Deadline } from '../../handlers/core/deadline';
import type { CredentialTarget } from '../../handlers/database/credential-target';
import type { TargetFacts } from '../../handlers/database/database-strategy';
import { CacheLogin } from '../../handlers/rotate-cache-user/cache-login';
import { DocumentdbTarget } from '../../handlers/rotate-documentdb/documentdb-target';
import { LdapTarget } from '../../handlers/rotate-ldap/ldap-target';
import { mysqlTarget } from '../../handlers/rotate-mysql/mysql-target';
import { OracleTarget } from '../../handlers/rotate-oracle/oracle-target';
import { PostgresqlTarget } from '../../handlers/rotate-postgresql/postgresql-target';
import { RedisTarget } from '../../handlers/rotate-redis/redis-target';
import { RedshiftTarget } from '../../handlers/rotate-redshift/redshift-target';
import { SqlserverTarget } from '../../handlers/rotate-sqlserver/sqlserver-target';
import type * as serverSocket from '../../handlers/tls/server-socket';
import { MAXIMUM_BEFORE_PROOF, MAXIMUM_RECEIVED } from '../../handlers/tls/server-socket';
import { createCertificates } from '../servers/certificates';
import { drip, flood } from '../servers/flood';
import { type HostileBehaviour, HostilePostgreSqlServer } from '../servers/hostile-postgresql-server';
import { LdapAnswer } from '../servers/ldap-answers';
import { type MongodbBehaviour, MongodbPeer } from '../servers/mongodb-peer';
import { type MysqlBehaviour, MysqlPeer } from '../servers/mysql-peer';
import { type ListenerOptions, OracleListener } from '../servers/oracle-listener';
import { type SqlserverBehaviour, SqlserverPeer } from '../servers/sqlserver-peer';

/** Every connection that a function has opened, and to which port. */
const mockOpened: { readonly socket: net.Socket; readonly port: number }[] = [];

jest.mock('node:net', () => {
  const actual = jest.requireActual<typeof net>('node:net');
  const connect = (options: net.TcpNetConnectOpts): net.Socket => {
    const socket = actual.connect(options);
    mockOpened.push({ socket, port: options.port });
    return socket;
  };
  return { ...actual, connect };
});

/** However busy the machine is, what a server sends counts, and not how long that takes. */
jest.mock('../../handlers/tls/server-socket', () => {
  const actual = jest.requireActual<typeof serverSocket>('../../handlers/tls/server-socket');
  const milliseconds = 120_000;
  return { ...actual, LOGIN: { ...actual.LOGIN, milliseconds }, STATEMENT: { ...actual.STATEMENT, milliseconds } };
});

interface Server {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server that behaves in a way, and gives what signs in to it. */
type Engine<Behaviour> = (behaviour: Behaviour) => Promise<{ server: Server; signIn: (deadline: Deadline) => Promise<unknown> }>;

const certificates = createCertificates();
const app = { username: 'app', password: 'Correct horse battery 1' };
/** What the system hands over at once, and what TLS adds to what is inside it. */
const CHUNK = 64 * 1024;
const TLS_SHARE = 1.05;

function signsIn<S extends Server>(
  server: S, engine: string, target: (facts: TargetFacts) => CredentialTarget, more: object = {},
): { server: S; signIn: (deadline: Deadline) => Promise<unknown> } {
  const { host, port } = server;
  const database = { engine, host, port, certificateAuthorities: certificates.authority.certificate, ...more };
  return { server, signIn: async (deadline) => target({ region: 'eu-west-1', database }).signIn(app, deadline) };
}

const postgresql: Engine<HostileBehaviour> = async (behaviour) =>
  signsIn(
    await HostilePostgreSqlServer.start(behaviour, certificates.good), 'postgres', (facts) => new PostgresqlTarget(facts),
    { allowMd5: behaviour.endsWith('rows') },
  );

const redshift: Engine<HostileBehaviour> = async (behaviour) =>
  signsIn(await HostilePostgreSqlServer.start(behaviour, certificates.good), 'redshift', (facts) => new RedshiftTarget(facts));

const mysql: Engine<MysqlBehaviour> = async (behaviour) => {
  const server = await MysqlPeer.start(certificates.good, behaviour);
  await server.createUser(app);
  return signsIn(server, 'mysql', mysqlTarget);
};

const sqlserver: Engine<SqlserverBehaviour> = async (behaviour) => {
  const server = await SqlserverPeer.start(certificates.good, behaviour);
  await server.createUser(app);
  return signsIn(server, 'sqlserver', (facts) => new SqlserverTarget(facts));
};

const mongodb: Engine<MongodbBehaviour> = async (behaviour) => {
  const server = await MongodbPeer.start(certificates.good, 'mongodb', behaviour);
  server.accounts.add(app.username, app.password);
  return signsIn(server, 'mongo', (facts) => new DocumentdbTarget(facts));
};

const oracle: Engine<ListenerOptions['answer']> = async (answer) => {
  const server = await OracleListener.start({ certificate: certificates.good, answer });
  return signsIn(server, 'oracle', (facts) => new OracleTarget(facts), { tlsPort: server.port, databaseName: 'ORCL' });
};

const RESP = Buffer.from(`+${'x'.repeat(1_000)}`);

const floodsOrDrips = async (behaviour: 'floods-login' | 'drips', unit: Buffer = RESP, letIn?: Buffer): Promise<Server> => {
  const { certificate: cert, key } = certificates.good;
  const open: net.Socket[] = [];
  const listener = createTlsServer({ cert, key }, (socket) => {
    open.push(socket.on('error', () => undefined));
    const begin = (): unknown => socket.once('data', () => (behaviour === 'drips' ? drip : flood)(socket, unit));
    if (letIn) {
      socket.once('data', () => socket.write(letIn, begin));
    } else {
      begin();
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as net.AddressInfo;
  const stop = async (): Promise<void> => {
    open.forEach((socket) => socket.destroy());
    await new Promise((resolve) => listener.close(resolve));
  };
  return { host: 'localhost', port, stop };
};

const cache: Engine<'floods-login' | 'drips'> = async (behaviour) => {
  const server = await floodsOrDrips(behaviour);
  const login = new CacheLogin({ ...server, certificateAuthorities: [certificates.authority.certificate] });
  return { server, signIn: async (deadline) => login.signIn(app, deadline) };
};

const redis: Engine<'floods-login' | 'drips'> = async (behaviour) =>
  signsIn(await floodsOrDrips(behaviour), 'redis', (facts) => new RedisTarget(facts));

/** One reference after the other, once somebody is let in; an answer in pieces; or a message of four gigabytes. */
const LDAP_ANSWERS = {
  'floods-rows': LdapAnswer.reference(2),
  'drips': LdapAnswer.result(1, LdapAnswer.bind, 0, 'x'.repeat(100)),
  'huge-message': Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
};

const ldap: Engine<keyof typeof LDAP_ANSWERS> = async (behaviour) => {
  const letIn = behaviour === 'floods-rows' ? LdapAnswer.result(1, LdapAnswer.bind, 0) : undefined;
  const server = await floodsOrDrips(behaviour === 'drips' ? behaviour : 'floods-login', LDAP_ANSWERS[behaviour], letIn);
  const { host, port } = server;
  const database = { engine: 'ldap', host, port, certificateAuthorities: certificates.authority.certificate };
  const signIn = async (deadline: Deadline): Promise<void> => {
    const session = await new LdapTarget({ region: 'eu-west-1', database }).signIn({ ...app, username: 'uid=admin' }, deadline);
    const change = { username: 'uid=app', password: app.password, token: 'token' };
    await session.changeUser(change).finally(async () => session.close());
  };
  return { server, signIn };
};

/** Signs in, and says what came of it and how many bytes were taken from the server. */
async function outcome<Behaviour>(engine: Engine<Behaviour>, behaviour: Behaviour, milliseconds: number) {
  const before = mockOpened.length;
  const { server, signIn } = await engine(behaviour);
  const error: unknown = await signIn(new Deadline(systemClock, milliseconds)).catch((thrown: unknown) => thrown);
  const [first, ...more] = mockOpened.slice(before).filter(({ port }) => port === server.port);
  const { destroyed, bytesRead } = first.socket;
  await server.stop();
  return { error, destroyed, bytesRead, more };
}

const row = <Behaviour>(name: string, engine: Engine<Behaviour>, ...behaviours: Behaviour[]): [string, Engine<never>, never][] =>
  behaviours.map((behaviour) => [`${name}, ${String(behaviour)}`, engine, behaviour as never]);

const TOO_MUCH = {
  name: 'RotationError',
  errorClass: 'protocol',
  message: expect.stringContaining('more than any rotation asks for'),
};
/** More than any limit of a wait, so that only the bytes count. */
const PATIENT = 110_000;

describe('a server that sends for ever', () => {
  test.each([...row('MySQL', mysql, 'floods-before-tls'), ...row('SQL Server', sqlserver, 'floods-before-tls')])(
    'before it has proved who it is: %s',
    async (_, engine, behaviour) => {
      const { error, destroyed, bytesRead, more } = await outcome(engine, behaviour, PATIENT);
      expect(error).toMatchObject(TOO_MUCH);
      expect([destroyed, more]).toEqual([true, []]);
      expect(bytesRead).toBeGreaterThan(MAXIMUM_BEFORE_PROOF);
      expect(bytesRead).toBeLessThanOrEqual(MAXIMUM_BEFORE_PROOF + CHUNK);
    },
  );

  test.each([...row('PostgreSQL', postgresql, 'floods-before-tls'), ...row('Amazon Redshift', redshift, 'floods-before-tls')])(
    'where one byte is the answer: %s',
    async (_, engine, behaviour) => {
      const { error, destroyed, bytesRead } = await outcome(engine, behaviour, PATIENT);
      expect(error).toMatchObject({ errorClass: 'tls' });
      expect(destroyed).toBe(true);
      expect(bytesRead).toBeLessThanOrEqual(2 * CHUNK);
    },
  );

  test.each([
    ...row('PostgreSQL', postgresql, 'floods-login', 'floods-error', 'floods-rows'),
    ...row('Amazon Redshift', redshift, 'floods-login', 'floods-rows'),
    ...row('MySQL', mysql, 'floods-login', 'floods-rows'),
    ...row('SQL Server', sqlserver, 'floods-login', 'floods-errors', 'floods-rows'),
    ...row('MongoDB', mongodb, 'huge-message', 'huge-answer'),
    ...row('Oracle', oracle, 'flood'),
    ...row('a cache', cache, 'floods-login'), ...row('Redis', redis, 'floods-login'), ...row('LDAP', ldap, 'floods-rows'),
  ])('in a login, an error or rows: %s', async (_, engine, behaviour) => {
    const { error, destroyed, bytesRead, more } = await outcome(engine, behaviour, PATIENT);
    expect(error).toMatchObject(TOO_MUCH);
    expect([destroyed, more]).toEqual([true, []]);
    expect(bytesRead).toBeGreaterThan(MAXIMUM_RECEIVED);
    expect(bytesRead).toBeLessThanOrEqual(MAXIMUM_RECEIVED * TLS_SHARE + MAXIMUM_BEFORE_PROOF + CHUNK);
  });
});

describe('a number that a server chooses', () => {
  test.each([
    ...row('SQL Server: a size of packets', sqlserver, 'packets-of-nothing', 'packets-of-one'),
    ...row('SQL Server: columns', sqlserver, 'empty-rows'),
    ...row('MySQL: columns and rows', mysql, 'many-columns', 'many-rows'),
    ...row('PostgreSQL: rounds of SCRAM', postgresql, 'endless-rounds'),
    ...row('MongoDB: rounds of SCRAM', mongodb, 'many-iterations'),
    ...row('MongoDB: the size of what it has compressed', mongodb, 'compressed'),
    ...row('Oracle: questions', oracle, 'again'),
    ...row('LDAP: the length of a message', ldap, 'huge-message'),
  ])('is refused before anything is done with it: %s', async (_, engine, behaviour) => {
    const { error, destroyed, more } = await outcome(engine, behaviour, PATIENT);
    expect(error).toMatchObject({ name: 'RotationError', errorClass: 'protocol' });
    expect([destroyed, more]).toEqual([true, []]);
  });
});

test.concurrent.each([
  ...row('PostgreSQL', postgresql, 'drips', 'drips-rows'), ...row('Amazon Redshift', redshift, 'drips', 'drips-rows'),
  ...row('MySQL', mysql, 'drips', 'drips-rows'), ...row('SQL Server', sqlserver, 'drips', 'drips-rows'),
  ...row('MongoDB', mongodb, 'drips'), ...row('Oracle', oracle, 'drip'), ...row('a cache', cache, 'drips'),
  ...row('Redis', redis, 'drips'), ...row('LDAP', ldap, 'drips'),
])('a server that says one byte at a time is given up when the time is over: %s', async (_, engine, behaviour) => {
  const { error, destroyed } = await outcome(engine, behaviour, 3_000);
  expect(error).toMatchObject({ name: 'RotationError', errorClass: 'timeout' });
  expect(destroyed).toBe(true);
});
