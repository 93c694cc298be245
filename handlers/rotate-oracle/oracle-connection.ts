/// <reference path="./driver.d.ts" />
import type { Connection, ConnectionAttributes } from 'oracledb';
import DriverConnection from 'oracledb/lib/connection.js';
import implementations from 'oracledb/lib/impl/index.js';
import 'oracledb/lib/thin/index.js';
import { connectDescriptor } from './connect-descriptor';
import { oracleError } from './oracle-error';
import { writtenName } from './oracle-name';
import type { OracleLogin, OracleStatements } from './oracle-statements';
import { VerifiedTransport } from './verified-transport';
import { type Deadline, inTime } from '../core/deadline';
import { SignInRefused } from '../database/credential-target';

const LOGIN_LIMIT = 8_000;
const STATEMENT_LIMIT = 10_000;
const GOODBYE_LIMIT = 500;
const CLIENT = 'cdk-secretsmanager-patterns';

/** What the driver reads from the environment where it has no option, or got none: debug output, editions, files of names. */
const VARIABLES = ['NODE_ORACLEDB_DEBUG_PACKETS', 'ORA_DEBUG_JDWP', 'ORA_EDITION', 'ORA_SDTZ', 'TNS_ADMIN'];

/** A user's connection to Oracle Database, whose other end is verified. */
export class OracleConnection implements OracleStatements {
  /** Signs in; the driver gets every option from here, and its connection too. */
  static async signIn(login: OracleLogin, deadline: Deadline): Promise<OracleConnection> {
    VARIABLES.forEach((name) => delete process.env[name]);
    const transport = await VerifiedTransport.open(login, deadline);
    const limit = {
      deadline,
      milliseconds: LOGIN_LIMIT,
      text: 'the server does not finish the login',
      abandon: () => transport.destroy(),
    };
    try {
      const client = await inTime(limit, async () => transport.carry(async () => connect(attributes(login, transport))));
      return new OracleConnection(client, transport, deadline);
    } catch (thrown) {
      transport.destroy();
      const error = transport.refusal ?? oracleError(thrown);
      throw error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
    }
  }

  private constructor(
    private readonly client: Connection,
    private readonly transport: VerifiedTransport,
    private readonly deadline: Deadline,
  ) {}

  async rows<T extends object>(sql: string, values: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const { rows = [] } = await this.answered(async () => this.client.execute<T>(sql, values, OPTIONS));
    return rows;
  }

  async run(statement: string): Promise<void> {
    await this.answered(async () => this.client.execute(statement, {}, OPTIONS));
  }

  async close(): Promise<void> {
    const closed = this.client.close().catch(() => undefined);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.transport.destroy();
  }

  private async answered<T>(work: () => Promise<T>): Promise<T> {
    const limit = {
      deadline: this.deadline,
      milliseconds: STATEMENT_LIMIT,
      text: 'the server does not answer a statement',
      abandon: () => this.transport.destroy(),
    };
    try {
      return await inTime(limit, work);
    } catch (thrown) {
      throw oracleError(thrown);
    }
  }
}

/** Rows by the names of columns; and nothing is kept of a statement, which may have a password in it. */
const OUT_FORMAT_OBJECT = 4002;
const OPTIONS = {
  outFormat: OUT_FORMAT_OBJECT,
  autoCommit: false,
  keepInStmtCache: false,
  maxRows: 0,
  resultSet: false,
  fetchArraySize: 500,
  prefetchRows: 500,
  extendedMetaData: false,
};

/** What the driver's entry does, without the files of names, the hooks and the native library that it looks for. */
async function connect(options: ConnectionAttributes): Promise<Connection> {
  const implementation = new implementations.ConnectionImpl();
  await implementation.connect(options);
  return Object.assign(new DriverConnection(), { _impl: implementation });
}

function attributes(
  { username, password, port, serviceName }: OracleLogin,
  { remoteAddress }: VerifiedTransport,
): ConnectionAttributes {
  return {
    user: writtenName(username),
    password,
    connectString: connectDescriptor(remoteAddress, port, serviceName),
    externalAuth: false,
    events: false,
    stmtCacheSize: 0,
    driverName: CLIENT,
    program: CLIENT,
    machine: CLIENT,
    osUser: CLIENT,
    terminal: CLIENT,
    edition: '',
    // The transport takes care of these already; they are repeated here in case it is ever bypassed.
    sslServerDNMatch: true,
    sslAllowWeakDNMatch: false,
    useSNI: false,
    networkCompression: false,
    retryCount: 0,
    retryDelay: 0,
    expireTime: 0,
    connectTimeout: LOGIN_LIMIT / 1_000,
    transportConnectTimeout: LOGIN_LIMIT / 1_000,
  };
}
