import type { Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection, type SslOptions } from 'mysql2';
import { type GuardedConnection, LoginGuard, unansweredMethod } from './login-guard';
import { isKnownRefusal, loginError, passwordError, statementError } from './mysql-error';
import { codeOf, RotationError } from '../core/rotation-error';
import { type Credentials, SignInRefused } from '../database/credential-target';
import { onlyRow } from '../database/only-row';
import { LOGIN, type ServerSocket, STATEMENT, tooMuch } from '../tls/server-socket';
import { noTls, tlsError } from '../tls/tls-error';

const LOCK_SECONDS = 5;
/** Many times what a rotation asks for. A server needs a byte for an empty value, and the driver makes a hundred bytes of it. */
const MAXIMUM_COLUMNS = 100;
/** The same; each right of a user is compared with each of another. */
const MAXIMUM_ROWS = 20_000;
const GOODBYE_LIMIT = 500;

export interface LoginOptions {
  readonly credentials: Credentials;
  readonly port: number;
  /** The name that the certificate has to carry; never an IP address. */
  readonly serverName: string;
  /** The same object each time: the driver parses the certificate authorities once for each. */
  readonly ssl: SslOptions;
}

/** A statement that sets a password, and how to find out whether it has done so. */
export interface PasswordStatement {
  readonly sql: string;
  readonly isSet: () => Promise<boolean>;
}

export type Statement = string | PasswordStatement;

/** Capabilities that the driver would offer and no statement needs: above all, sending files of the function. */
const WITHOUT = ['-LOCAL_FILES', '-FOUND_ROWS', '-ODBC', '-IGNORE_SPACE', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES'];
/**
 * What a session needs so that statements mean the same on every server: quotation, grants as they are read, an end to waiting.
 */
const SETTINGS = "SET NAMES utf8mb4, SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', SESSION sql_quote_show_create = 1, "
  + `SESSION lock_wait_timeout = ${LOCK_SECONDS}, SESSION innodb_lock_wait_timeout = ${LOCK_SECONDS}, SESSION autocommit = 1`
  // Each server reads its own comment. Limits that are meant for queries of applications would end the work of a rotation.
  + `/*M! , SESSION max_statement_time = ${STATEMENT.milliseconds / 1_000} */`
  + `/*!80000 , SESSION max_execution_time = ${STATEMENT.milliseconds} */`;

/** A user's connection to MySQL or MariaDB, whose other end is verified. */
export class MysqlConnection {
  /** Signs in; the driver gets every option from here. */
  static async signIn(server: ServerSocket, options: LoginOptions): Promise<MysqlConnection> {
    const guard = new LoginGuard(options.credentials.password, options.serverName);
    const client = createConnection(clientOptions(server.stream, options, guard));
    client.on('error', () => undefined);
    const guarded = client as unknown as GuardedConnection;
    Object.assign(guarded.config, { connectAttributes: { program_name: 'cdk-secretsmanager-patterns' } });
    guard.attach(guarded, (secured) => server.secure(secured));
    const connection = new MysqlConnection(client, server);
    try {
      await server.answered(LOGIN, async () => new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('error', reject);
      }));
      guard.finish();
      await connection.run(SETTINGS);
      return connection;
    } catch (thrown) {
      const error = signInError(thrown, guard, guarded);
      connection.abandon();
      throw error;
    }
  }

  private constructor(private readonly client: Connection, private readonly server: ServerSocket) {}

  /** Rows of one statement. */
  async rows<T extends object>(sql: string): Promise<T[]> {
    return this.run<T>(sql).catch((thrown: unknown) => {
      throw statementError(thrown);
    });
  }

  /** Runs statements one after the other: each takes effect at once, and all may be repeated. */
  async change(statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      await (typeof statement === 'string' ? this.rows(statement) : this.setPassword(statement));
    }
  }

  /** The cipher of the connection, as the server names it. */
  async cipher(): Promise<string> {
    const row = onlyRow(await this.rows<{ Value: string }>("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
    return row.Value;
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.client.end(() => resolve()));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GOODBYE_LIMIT).unref())]);
    this.abandon();
  }

  private checkColumns(fields: readonly unknown[] = []): void {
    if (fields.length > MAXIMUM_COLUMNS) {
      this.server.refuse(tooMuch());
    }
  }

  /** Servers report errors of statements that have set the password: what is stored decides, if it can be seen. */
  private async setPassword({ sql, isSet }: PasswordStatement): Promise<void> {
    try {
      await this.run(sql);
    } catch (thrown) {
      if (isKnownRefusal(thrown) || !await isSet().catch(() => false)) {
        throw passwordError(thrown);
      }
    }
  }

  private async run<T extends object>(sql: string): Promise<T[]> {
    const found = await this.server.answered(STATEMENT, async () => new Promise<T[]>((resolve, reject) => {
      this.client.query(sql, (error, rows) => error ? reject(error) : resolve(rows as T[]))
        .once('fields', (fields?: readonly unknown[]) => this.checkColumns(fields));
    }));
    if (found.length > MAXIMUM_ROWS) {
      throw tooMuch();
    }
    return found;
  }

  private abandon(): void {
    this.client.destroy();
    this.server.destroy();
  }
}

function clientOptions(socket: Socket, options: LoginOptions, guard: LoginGuard): ConnectionOptions {
  const { credentials, port, serverName, ssl } = options;
  return {
    stream: socket,
    host: serverName,
    port,
    user: credentials.username,
    password: '',
    database: credentials.databaseName,
    ssl,
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

function signInError(thrown: unknown, { refusal, hasAsked }: LoginGuard, { stream }: GuardedConnection): RotationError {
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
  const error = loginError(thrown);
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
