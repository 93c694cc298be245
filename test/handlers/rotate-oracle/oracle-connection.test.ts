import { createSecureContext } from 'node:tls';
import DriverConnection from 'oracledb/lib/connection.js';
import implementations from 'oracledb/lib/impl/index.js';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { SignInRefused } from '../../../handlers/database/credential-target';
import { OracleConnection } from '../../../handlers/rotate-oracle/oracle-connection';
import { createCertificates } from '../../servers/certificates';
import { OracleListener } from '../../servers/oracle-listener';
import { until } from '../../servers/until';

const certificates = createCertificates();
const CANARY = 'canary';
let listener: OracleListener;
/** What the driver was asked for. */
const options: Record<string, unknown>[] = [];
const implementation = implementations.ConnectionImpl.prototype;
const connection = DriverConnection.prototype;

/** The driver's login and statements are replaced, since no server is there to answer them; the connection is a real one. */
beforeEach(async () => {
  options.length = 0;
  listener = await OracleListener.start({ certificate: certificates.good, answer: 'silent' });
  jest.spyOn(implementation, 'connect').mockImplementation(async (...given) => {
    options.push(given[0] as Record<string, unknown>);
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await listener.stop();
});

async function signIn(changes: object = {}, milliseconds = 10_000): Promise<OracleConnection> {
  const secureContext = createSecureContext({ ca: certificates.authority.certificate });
  const login = {
    username: 'APP',
    password: CANARY,
    host: listener.host,
    port: listener.port,
    serviceName: 'ORCL',
    serverName: 'localhost',
    secureContext,
  };
  return OracleConnection.signIn({ ...login, ...changes }, new Deadline(systemClock, milliseconds));
}

/** An error as the driver makes them. */
function driverError(number: number | undefined, code: string): Error {
  return Object.assign(new Error(`${code}: ${CANARY}`), { errorNum: number, code });
}

async function thrownBy(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown) as Error;
  expect(JSON.stringify([error.name, error.message, error.stack, error.cause, { ...error }])).not.toContain(CANARY);
  return error;
}

describe('a login', () => {
  test('gets every option from the function', async () => {
    const session = await signIn();
    expect(await until(() => listener.handshakes === 1, 10_000)).toBe(true);
    await session.close();
    expect(options).toEqual([{
      user: 'APP',
      password: CANARY,
      connectString: `(DESCRIPTION=(ADDRESS=(PROTOCOL=TCPS)(HOST=127.0.0.1)(PORT=${listener.port}))`
        + '(CONNECT_DATA=(SERVICE_NAME=ORCL)))',
      externalAuth: false,
      events: false,
      stmtCacheSize: 0,
      driverName: 'cdk-secretsmanager-patterns',
      program: 'cdk-secretsmanager-patterns',
      machine: 'cdk-secretsmanager-patterns',
      osUser: 'cdk-secretsmanager-patterns',
      terminal: 'cdk-secretsmanager-patterns',
      edition: '',
      sslServerDNMatch: true,
      sslAllowWeakDNMatch: false,
      useSNI: false,
      networkCompression: false,
      retryCount: 0,
      retryDelay: 0,
      expireTime: 0,
      connectTimeout: 8,
      transportConnectTimeout: 8,
    }]);
  });

  test.each([
    ['App', '"App"'],
    ['APP[SYS]', '"APP[SYS]"'],
    ['MY APP', '"MY APP"'],
    ['C##APP', 'C##APP'],
  ])("of %s is no other user's and goes through none", async (username, written) => {
    await (await signIn({ username })).close();
    expect(options[0].user).toBe(written);
  });

  test.each([[1017, 'ORA-01017'], [1005, 'ORA-01005']])('that the database refuses: %i', async (number, code) => {
    jest.spyOn(implementation, 'connect').mockRejectedValue(driverError(number, code));
    const error = await thrownBy(signIn());
    expect(error).toBeInstanceOf(SignInRefused);
    expect(error).toMatchObject({ errorClass: 'authentication', code: code.replace('-', '_') });
    expect(await until(() => listener.open === 0, 10_000)).toBe(true);
  });

  test.each([
    [28000, 'configuration'], [28001, 'configuration'], [1045, 'permission'], [1033, 'unavailable'], [18, 'unavailable'],
  ])('that fails for another reason is not tried with another password: %i', async (number, errorClass) => {
    jest.spyOn(implementation, 'connect').mockRejectedValue(driverError(number, 'ORA-00000'));
    const error = await thrownBy(signIn());
    expect(error).not.toBeInstanceOf(SignInRefused);
    expect(error).toMatchObject({ errorClass });
    expect(await until(() => listener.open === 0, 10_000)).toBe(true);
  });
});

describe('statements', () => {
  test('give rows by the names of columns, with values beside the text', async () => {
    const execute = jest.spyOn(connection, 'execute').mockResolvedValue({ rows: [{ name: 'x' }] } as never);
    const session = await signIn();
    expect(await session.rows('SELECT :name FROM sys.dual', { name: 'x' })).toEqual([{ name: 'x' }]);
    await session.run('ALTER USER "X" IDENTIFIED BY "y"');
    expect(execute.mock.calls).toEqual([
      [
        'SELECT :name FROM sys.dual',
        { name: 'x' },
        expect.objectContaining({ outFormat: 4002, keepInStmtCache: false, autoCommit: false, maxRows: 0 }),
      ],
      ['ALTER USER "X" IDENTIFIED BY "y"', {}, expect.objectContaining({ keepInStmtCache: false })],
    ]);
    await session.close();
  });

  test('go through the driver with options that it knows, down to what speaks the protocol', async () => {
    const lower = implementation as unknown as Record<'execute' | 'close', (...given: unknown[]) => Promise<object | undefined>>;
    const execute = jest.spyOn(lower, 'execute').mockResolvedValue({});
    const close = jest.spyOn(lower, 'close').mockResolvedValue(undefined);
    const session = await signIn();
    await session.run('ALTER USER "X" IDENTIFIED BY ":y"');
    expect(await session.rows('SELECT :name FROM sys.dual', { name: 'x' })).toEqual([]);
    await session.close();
    const given = expect.objectContaining({ outFormat: 4002, keepInStmtCache: false, autoCommit: false, maxRows: 0 });
    expect(execute.mock.calls).toEqual([
      ['ALTER USER "X" IDENTIFIED BY ":y"', 1, [], given, false],
      ['SELECT :name FROM sys.dual', 1, [expect.objectContaining({ name: 'name', values: ['x'] })], given, false],
    ]);
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('may have no values, and no rows', async () => {
    jest.spyOn(connection, 'execute').mockResolvedValue({} as never);
    const session = await signIn();
    expect(await session.rows('SELECT 1 FROM sys.dual')).toEqual([]);
    await session.close();
  });

  test('fail with the number of the server and our own text', async () => {
    jest.spyOn(connection, 'execute').mockRejectedValue(driverError(1031, 'ORA-01031') as never);
    const session = await signIn();
    expect(await thrownBy(session.run('x'))).toMatchObject({ errorClass: 'permission', code: 'ORA_01031' });
    expect(await thrownBy(session.rows('x'))).toMatchObject({ errorClass: 'permission', code: 'ORA_01031' });
    await session.close();
  });

  test('are not waited for without end', async () => {
    jest.spyOn(connection, 'execute').mockImplementation((async () => new Promise(() => undefined)) as never);
    const session = await signIn({}, 300);
    await expect(session.run('x')).rejects.toMatchObject({ errorClass: 'timeout' });
    expect(await until(() => listener.open === 0, 10_000)).toBe(true);
  });
});

test.each([
  ['says goodbye', async () => undefined],
  ['cannot say goodbye', async () => Promise.reject(driverError(undefined, 'NJS-500'))],
  ['waits for no answer to it', async () => new Promise<void>(() => undefined)],
])('the end: a session %s and is gone', async (_, goodbye) => {
  const close = jest.spyOn(connection, 'close').mockImplementation(goodbye as never);
  const session = await signIn();
  expect(await until(() => listener.open === 1, 10_000)).toBe(true);
  await session.close();
  expect(close).toHaveBeenCalledTimes(1);
  expect(await until(() => listener.open === 0, 10_000)).toBe(true);
});
