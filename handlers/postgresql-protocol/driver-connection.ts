/// <reference path="./pg-client.d.ts" />
import type { TLSSocket } from 'node:tls';
import type { ClientConfig, QueryResultRow } from 'pg';
import Client from 'pg/lib/client';
import { type Deadline, inTime } from '../core/deadline';
import type { RotationError } from '../core/rotation-error';

export const LOGIN_LIMIT = 8_000;
export const STATEMENT_LIMIT = 10_000;
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

  constructor(private readonly socket: TLSSocket, private readonly options: DriverOptions, private readonly deadline: Deadline) {
    this.client = new Client(clientConfig(socket, options));
    this.client.on('error', () => undefined);
  }

  /** Sends the driver's first message and waits until the server takes statements; throws what the driver does. */
  async begin(): Promise<void> {
    await this.inTime(LOGIN_LIMIT, 'the server does not finish the login', async () => this.client.connect());
  }

  /** Rows of one statement. */
  async rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const { rows } = await this.answered(async () => this.client.query<T>(text, values));
    return rows;
  }

  /** Runs statements in one round trip. */
  async run(statements: readonly string[]): Promise<void> {
    await this.answered(async () => this.client.query(statements.join('; ')));
  }

  async close(): Promise<void> {
    await Promise.race([this.client.end(), new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.socket.destroy();
  }

  private async answered<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await this.inTime(STATEMENT_LIMIT, 'the server does not answer a statement', query);
    } catch (thrown) {
      throw this.options.errorOf(thrown);
    }
  }

  private async inTime<T>(milliseconds: number, text: string, work: () => Promise<T>): Promise<T> {
    return inTime({ deadline: this.deadline, milliseconds, text, abandon: () => this.socket.destroy() }, work);
  }
}

/** Every option is there and none is empty: the driver takes what is missing from the environment. */
function clientConfig(socket: TLSSocket, { session, host, port }: DriverOptions): ClientConfig {
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
function alreadyConnected(socket: TLSSocket): TLSSocket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  const on = socket.on.bind(socket) as Listen;
  socket.on = ((event, listener) =>
    on(event, event === 'data' ? survivable(socket, listener) : listener)) as Listen as TLSSocket['on'];
  return socket;
}

type Listen = (event: string, listener: (...values: unknown[]) => void) => TLSSocket;

/** The driver throws at a message that it does not know, which would end the process, since nothing catches it. */
function survivable(socket: TLSSocket, listener: (...values: unknown[]) => void): (...values: unknown[]) => void {
  return (...values) => {
    try {
      listener(...values);
    } catch {
      socket.destroy(new Error('a message that the driver does not know'));
    }
  };
}
