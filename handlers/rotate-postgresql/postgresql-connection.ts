/// <reference path="./pg-client.d.ts" />
import type { TLSSocket } from 'node:tls';
import type { ClientConfig, QueryResultRow } from 'pg';
import Client from 'pg/lib/client';
import { type GuardedConnection, LoginGuard, MAX_SCRAM_ITERATIONS } from './login-guard';
import { postgresqlError } from './postgresql-error';
import { saltFor } from './scram-verifier';
import { type Credentials, SignInRefused } from '../shared/credential-target';
import type { Deadline } from '../shared/deadline';
import { inTime } from '../shared/in-time';
import { RotationError } from '../shared/rotation-error';

const LOGIN_LIMIT = 8_000;
const STATEMENT_LIMIT = 10_000;
const LOCK_LIMIT = 5_000;
const GOODBYE_LIMIT = 500;

export interface LoginOptions {
  readonly credentials: Credentials & { readonly databaseName: string };
  readonly host: string;
  readonly port: number;
  readonly allowMd5: boolean;
  /** Whether salts are ours, so that the server's tells which version its password was set for. */
  readonly ownSalts: boolean;
}

/** The last statements of a transaction, where what the server says of them does not mean what it says of others. */
export interface BlamedStatements {
  readonly statements: readonly string[];
  readonly refused: (error: RotationError) => RotationError | undefined;
}

/** A user's connection to PostgreSQL, on a socket whose other end is verified. */
export class PostgresqlConnection {
  /** Signs in; the driver gets every option from here, so that no environment variable decides one. */
  public static async signIn(socket: TLSSocket, options: LoginOptions, deadline: Deadline): Promise<PostgresqlConnection> {
    const { credentials } = options;
    const guard = new LoginGuard(credentials.password, options.allowMd5);
    const client = new Client(clientConfig(socket, options, guard));
    client.on('error', () => undefined);
    guard.attach((client as unknown as { connection: GuardedConnection }).connection);
    const connection = new PostgresqlConnection(client, socket, deadline);
    try {
      await connection.inTime(LOGIN_LIMIT, 'the server does not finish the login', async () => client.connect());
      if (guard.refusal) {
        throw guard.refusal;
      }
      return connection;
    } catch (thrown) {
      socket.destroy();
      const error = guard.refusal ?? postgresqlError(thrown);
      if (error.errorClass !== 'authentication') {
        throw error;
      }
      throw new SignInRefused(error.code, options.ownSalts ? recognition(credentials.username, guard.salt) : undefined);
    }
  }

  private constructor(private readonly client: Client, private readonly socket: TLSSocket, private readonly deadline: Deadline) {}

  /** Rows of one statement. */
  public async rows<T extends QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const { rows } = await this.answered(async () => this.client.query<T>(text, values));
    return rows;
  }

  /** Runs statements in one transaction and, without statements of which it matters that it was one of them, in one round trip. */
  public async change(statements: readonly string[], { statements: more, refused }: BlamedStatements): Promise<void> {
    const beginning = ['BEGIN READ WRITE', ...statements];
    if (more.length === 0) {
      return this.run([...beginning, 'COMMIT']);
    }
    await this.run(beginning);
    await this.run(more).catch((error: RotationError) => {
      throw refused(error) ?? error;
    });
    await this.run(['COMMIT']);
  }

  public async close(): Promise<void> {
    await Promise.race([this.client.end(), new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.socket.destroy();
  }

  private async run(statements: readonly string[]): Promise<void> {
    await this.answered(async () => this.client.query(statements.join('; ')));
  }

  private async answered<T>(query: () => Promise<T>): Promise<T> {
    try {
      return await this.inTime(STATEMENT_LIMIT, 'the server does not answer a statement', query);
    } catch (thrown) {
      throw postgresqlError(thrown);
    }
  }

  private async inTime<T>(milliseconds: number, text: string, work: () => Promise<T>): Promise<T> {
    return inTime({ deadline: this.deadline, milliseconds, text, abandon: () => this.socket.destroy() }, work);
  }
}

/** Every option is there and none is empty: the driver takes what is missing from the environment. */
function clientConfig(socket: TLSSocket, { credentials, host, port }: LoginOptions, guard: LoginGuard): ClientConfig {
  const config: ClientConfig & Record<string, unknown> = {
    host,
    port,
    user: credentials.username,
    database: credentials.databaseName,
    password: async () => guard.password(),
    stream: () => alreadyConnected(socket),
    // TLS is there already.
    ssl: false,
    sslnegotiation: 'postgres',
    enableChannelBinding: true,
    scramMaxIterations: MAX_SCRAM_ITERATIONS,
    application_name: 'cdk-secretsmanager-patterns',
    // Objects that users have made never stand in for the catalogue's, and timestamps have one form.
    options: '-c search_path=pg_catalog -c datestyle=ISO',
    replication: 'false',
    client_encoding: 'UTF8',
    statement_timeout: STATEMENT_LIMIT,
    lock_timeout: LOCK_LIMIT,
    idle_in_transaction_session_timeout: STATEMENT_LIMIT,
    query_timeout: 0,
    connectionTimeoutMillis: 0,
    keepAlive: false,
    binary: false,
  };
  return config;
}

/** The driver wants to connect a socket itself; this one tells it at once that it is. */
function alreadyConnected(socket: TLSSocket): TLSSocket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'));
    return socket;
  };
  return socket;
}

/** The salt that the server showed tells which version its password was set for. */
function recognition(username: string, salt: Buffer | undefined): ((token: string) => boolean) | undefined {
  return salt && ((token) => saltFor(username, token).equals(salt));
}
