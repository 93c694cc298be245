/// <reference path="./pg-client.d.ts" />
import type { Socket } from 'node:net';
import type { ClientConfig, QueryResultRow } from 'pg';
import Client from 'pg/lib/client';
import type { RotationError } from '../core/rotation-error';
import { LOGIN, type ServerSocket, STATEMENT } from '../tls/server-socket';

export const LOCK_LIMIT = 5_000;
const GOODBYE_LIMIT = 500;

/** What differs between servers that speak the protocol. */
export interface DriverOptions {
  /** Database, user, password and the parameters of the session. */
  readonly session: ClientConfig & Record<string, unknown>;
  readonly host: string;
  readonly port: number;
  /** What may be disclosed of an error of the driver or the server. */
  readonly errorOf: (thrown: unknown) => RotationError;
}

/** The driver on a socket whose other end is verified; each wait for an answer has a limit. */
export class DriverConnection {
  readonly client: Client;

  constructor(private readonly server: ServerSocket, private readonly options: DriverOptions) {
    this.client = new Client(clientConfig(server.stream, options));
    this.client.on('error', () => undefined);
  }

  /** Sends the driver's first message and waits until the server takes statements; throws what the driver does. */
  async begin(): Promise<void> {
    await this.server.answered(LOGIN, async () => this.client.connect());
  }

  /** Rows of one statement. */
  async rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const { rows } = await this.answered(async () => this.client.query<T>(text, values), this.options.errorOf);
    return rows;
  }

  /** Runs statements in one round trip, whose errors may mean something else than those of others. */
  async run(statements: readonly string[], errorOf = this.options.errorOf): Promise<void> {
    await this.answered(async () => this.client.query(statements.join('; ')), errorOf);
  }

  async close(): Promise<void> {
    await Promise.race([this.client.end(), new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.server.destroy();
  }

  private async answered<T>(query: () => Promise<T>, errorOf: DriverOptions['errorOf']): Promise<T> {
    try {
      return await this.server.answered(STATEMENT, query);
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }
}

/** Every option is there and none is empty: the driver takes what is missing from the environment. */
function clientConfig(socket: Socket, { session, host, port }: DriverOptions): ClientConfig {
  const config: ClientConfig & Record<string, unknown> = {
    host,
    port,
    stream: () => alreadyConnected(socket),
    // TLS is there already.
    ssl: false,
    sslnegotiation: 'postgres',
    application_name: 'cdk-secretsmanager-patterns',
    replication: 'false',
    client_encoding: 'UTF8',
    query_timeout: 0,
    connectionTimeoutMillis: 0,
    keepAlive: false,
    binary: false,
    ...session,
  };
  return config;
}

/** The driver wants to connect a socket itself; this one tells it at once that it is. */
function alreadyConnected(socket: Socket): Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  const on = socket.on.bind(socket) as Listen;
  socket.on = ((event, listener) =>
    on(event, event === 'data' ? survivable(socket, listener) : listener)) as Listen as Socket['on'];
  return socket;
}

type Listen = (event: string, listener: (...values: unknown[]) => void) => Socket;

/** The driver throws at a message that it does not know, which would end the process, since nothing catches it. */
function survivable(socket: Socket, listener: (...values: unknown[]) => void): (...values: unknown[]) => void {
  return (...values) => {
    try {
      listener(...values);
    } catch {
      socket.destroy(new Error('a message that the driver does not know'));
    }
  };
}
