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
import type { Deadline } from '../core/deadline';
import { SignInRefused } from '../database/credential-target';
import type { Phase } from '../database/error-phases';
import { LOGIN, type ServerSocket, STATEMENT } from '../tls/server-socket';

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
    try {
      const client = await transport.server.answered(LOGIN, async () =>
        transport.carry(async () => connect(attributes(login, transport))));
      return new OracleConnection(client, transport.server);
    } catch (thrown) {
      transport.server.destroy();
      const error = transport.refusal ?? oracleError(thrown, 'login');
      throw error.errorClass === 'authentication' ? new SignInRefused(error.code) : error;
    }
  }

  private constructor(private readonly client: Connection, private readonly server: ServerSocket) {}

  async rows<T extends object>(sql: string, values: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const { rows = [] } = await this.answered(async () => this.client.execute<T>(sql, values, OPTIONS));
    return rows;
  }

  async run(statement: string, phase?: Phase): Promise<void> {
    await this.answered(async () => this.client.execute(statement, {}, OPTIONS), phase);
  }

  async close(): Promise<void> {
    const closed = this.client.close().catch(() => undefined);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.server.destroy();
  }

  private async answered<T>(work: () => Promise<T>, phase: Phase = 'statement'): Promise<T> {
    try {
      return await this.server.answered(STATEMENT, work);
    } catch (thrown) {
      throw oracleError(thrown, phase);
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
  { server: { tcp: { remoteAddress } } }: VerifiedTransport,
): ConnectionAttributes {
  return {
    user: writtenName(username),
    password,
    connectString: connectDescriptor(String(remoteAddress), port, serviceName),
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
    connectTimeout: LOGIN.milliseconds / 1_000,
    transportConnectTimeout: LOGIN.milliseconds / 1_000,
  };
}
