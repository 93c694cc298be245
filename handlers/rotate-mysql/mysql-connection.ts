import type { Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2';
import { type GuardedConnection, LoginGuard, unansweredMethod } from './login-guard';
import { mysqlError, statementError } from './mysql-error';
import { type Deadline, inTime } from '../core/deadline';
import { codeOf, RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';
import { noTls, tlsError } from '../tls/tls-error';

const LOGIN_LIMIT = 8_000;
const STATEMENT_LIMIT = 10_000;
const LOCK_SECONDS = 5;
const GOODBYE_LIMIT = 500;

export interface LoginOptions {
  readonly credentials: Credentials;
  readonly port: number;
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  /** PEM. */
  readonly certificateAuthorities: string;
}

/** Capabilities that the driver would offer and no statement needs: above all, sending files of the function. */
const WITHOUT = ['-LOCAL_FILES', '-FOUND_ROWS', '-ODBC', '-IGNORE_SPACE', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES'];
/**
 * What a session needs so that statements mean the same on every server: quotation, grants as they are read, an end to waiting.
 */
const SETTINGS = "SET NAMES utf8mb4, SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', SESSION sql_quote_show_create = 1, "
  + `SESSION lock_wait_timeout = ${LOCK_SECONDS}, SESSION innodb_lock_wait_timeout = ${LOCK_SECONDS}, SESSION autocommit = 1`;

/** A user's connection to MySQL or MariaDB, whose other end is verified. */
export class MysqlConnection {
  /** Signs in; the driver gets every option from here. */
  static async signIn(socket: Socket, options: LoginOptions, deadline: Deadline): Promise<MysqlConnection> {
    const guard = new LoginGuard(options.credentials.password, options.serverName);
    const client = createConnection(clientOptions(socket, options, guard));
    client.on('error', () => undefined);
    const guarded = client as unknown as GuardedConnection;
    Object.assign(guarded.config, { connectAttributes: { program_name: 'cdk-secretsmanager-patterns' } });
    guard.attach(guarded);
    const connection = new MysqlConnection(client, socket, deadline);
    try {
      await connection.inTime(
        LOGIN_LIMIT,
        'the server does not finish the login',
        async () =>
          new Promise<void>((resolve, reject) => {
            client.once('connect', () => resolve());
            client.once('error', reject);
          }),
      );
      guard.finish();
      await connection.rows(SETTINGS);
      return connection;
    } catch (thrown) {
      const error = loginError(thrown, guard, guarded);
      connection.abandon();
      throw error;
    }
  }

  private constructor(
    private readonly client: Connection,
    private readonly socket: Socket,
    private readonly deadline: Deadline,
  ) {}

  /** Rows of one statement. */
  async rows<T extends object>(sql: string): Promise<T[]> {
    try {
      return await this.inTime(
        STATEMENT_LIMIT,
        'the server does not answer a statement',
        async () =>
          new Promise<T[]>((resolve, reject) => {
            this.client.query(sql, (error, rows) => error ? reject(error) : resolve(rows as T[]));
          }),
      );
    } catch (thrown) {
      throw statementError(thrown);
    }
  }

  /** Runs statements one after the other: each takes effect at once, and all may be repeated. */
  async change(statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      await this.rows(statement);
    }
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.client.end(() => resolve()));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.abandon();
  }

  private abandon(): void {
    this.client.destroy();
    this.socket.destroy();
  }

  private async inTime<T>(milliseconds: number, text: string, work: () => Promise<T>): Promise<T> {
    return inTime({ deadline: this.deadline, milliseconds, text, abandon: () => this.abandon() }, work);
  }
}

function clientOptions(socket: Socket, options: LoginOptions, guard: LoginGuard): ConnectionOptions {
  const { credentials, port, serverName, certificateAuthorities } = options;
  return {
    stream: socket,
    host: serverName,
    port,
    user: credentials.username,
    password: '',
    database: credentials.databaseName,
    // A new object each time: sessions are kept by it, and a session that is resumed shows no certificate.
    ssl: { ca: certificateAuthorities, minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true },
    authPlugins: guard.refusals,
    enableCleartextPlugin: false,
    insecureAuth: false,
    charset: 'UTF8MB4_UNICODE_CI',
    timezone: 'Z',
    flags: [...WITHOUT, ...credentials.databaseName === undefined ? ['-CONNECT_WITH_DB'] : []],
    multipleStatements: false,
    namedPlaceholders: false,
    // There are none, and the driver would make room for 16,000 by default.
    maxPreparedStatements: 1,
    supportBigNumbers: true,
    bigNumberStrings: false,
    dateStrings: true,
    compress: false,
    disableEval: true,
    debug: false,
    trace: false,
    connectTimeout: 0,
    enableKeepAlive: false,
  };
}

function loginError(thrown: unknown, { refusal, hasAsked }: LoginGuard, { stream }: GuardedConnection): RotationError {
  if (refusal) {
    return refusal;
  }
  switch (codeOf(thrown)) {
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return noTls();
    case 'HANDSHAKE_SSL_ERROR':
      return tlsError(codeOfReason((stream as { authorizationError?: unknown }).authorizationError));
    case 'AUTH_SWITCH_PLUGIN_ERROR':
      return unansweredMethod();
  }
  const error = mysqlError(thrown);
  if (error.errorClass !== 'authentication') {
    return error;
  }
  // Before a server has proved its name, anybody could have sent the answer.
  return hasAsked
    ? new SignInRefused(error.code)
    : new RotationError('protocol', 'the server refused the login before it was asked for one', error.code);
}

/** Node.js keeps the code alone for a certificate, and the error for a name. */
function codeOfReason(reason: unknown): string | undefined {
  return typeof reason === 'string' ? reason : codeOf(reason);
}
